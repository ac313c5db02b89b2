using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.Sngp.Layers;

/// <summary>Initial weights, as Keras draws them, from our own generator.</summary>
internal static class Initial
{
    /// <summary>Glorot uniform: U(−l, l) with l = √(6 / (inputs + outputs)).</summary>
    public static Tensor GlorotUniform(SeededRandom random, long inputs, long outputs, Device device)
    {
        var limit = Math.Sqrt(6.0 / (inputs + outputs));
        return Fill([inputs, outputs], device, () => limit * (2 * random.NextDouble() - 1));
    }

    /// <summary>Glorot uniform, shape [outputs, inputs] with each output's weights side by side.</summary>
    public static Tensor TransposedGlorotUniform(SeededRandom random, long inputs, long outputs, Device device)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(GlorotUniform(random, inputs, outputs, device).t().contiguous());
    }

    /// <summary>He normal for weights of shape [outputs, inputs, …]: a normal distribution cut off at two of its standard deviations, with
    /// the standard deviation √(2/n) afterwards, n the values that an output sums over.</summary>
    public static Tensor HeNormal(SeededRandom random, long[] shape, Device device)
    {
        // What cutting off leaves of a standard deviation of 1.
        const double kept = 0.87962566103423978;
        var deviation = Math.Sqrt(2.0 / shape[1..].Aggregate(1L, (product, size) => product * size)) / kept;
        return Fill(shape, device, () =>
        {
            double value;
            do
                value = random.NextGaussian();
            while (Math.Abs(value) > 2);
            return deviation * value;
        });
    }

    /// <summary>Independent standard normal values.</summary>
    public static Tensor Gaussian(SeededRandom random, long[] shape, Device device) =>
        Fill(shape, device, random.NextGaussian);

    /// <summary>Values uniform in [0, <paramref name="maximum"/>).</summary>
    public static Tensor Uniform(SeededRandom random, long[] shape, double maximum, Device device) =>
        Fill(shape, device, () => maximum * random.NextDouble());

    /// <summary>Draws the weights of all linear and convolutional layers (Glorot uniform, biases 0) and of embeddings (standard
    /// normal).</summary>
    public static void Draw(nn.Module module, SeededRandom random)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var part in module.modules())
        {
            switch (part)
            {
                case Linear layer:
                    Draw(layer.weight, layer.bias, random);
                    break;
                case Convolution layer:
                    Draw(layer.weight, layer.bias, random);
                    break;
                case Embedding { weight.requires_grad: true } layer:
                    layer.weight.copy_(Gaussian(random, layer.weight.shape, layer.weight.device));
                    break;
            }
        }
    }

    // Shape [outputs, inputs, …], the rest being what a kernel reaches over.
    private static void Draw(Tensor weight, Tensor? bias, SeededRandom random)
    {
        if (!weight.requires_grad)
            return;
        var reach = weight.shape[2..].Aggregate(1L, (product, size) => product * size);
        var limit = Math.Sqrt(6.0 / ((weight.shape[0] + weight.shape[1]) * reach));
        weight.copy_(Fill(weight.shape, weight.device, () => limit * (2 * random.NextDouble() - 1)));
        if (bias is { requires_grad: true })
            bias.zero_();
    }

    private static Tensor Fill(long[] shape, Device device, Func<double> next)
    {
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)next();
        return NativeTensor.Of(values, shape, device);
    }
}
