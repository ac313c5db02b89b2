using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Modules;

/// <summary>Initial weights, as Keras draws them, from our own generator.</summary>
internal static class Initial
{
    /// <summary>Glorot uniform: U(−l, l) with l = √(6 / (inputs + outputs)).</summary>
    public static Tensor GlorotUniform(SeededRandom random, long inputs, long outputs, Device device)
    {
        var limit = Math.Sqrt(6.0 / (inputs + outputs));
        return Fill([inputs, outputs], device, () => limit * (2 * random.NextDouble() - 1));
    }

    /// <summary>Independent standard normal values.</summary>
    public static Tensor Gaussian(SeededRandom random, long[] shape, Device device) =>
        Fill(shape, device, random.NextGaussian);

    /// <summary>Values uniform in [0, <paramref name="maximum"/>).</summary>
    public static Tensor Uniform(SeededRandom random, long[] shape, double maximum, Device device) =>
        Fill(shape, device, () => maximum * random.NextDouble());

    private static Tensor Fill(long[] shape, Device device, Func<double> next)
    {
        var values = new float[shape.Aggregate(1L, (product, size) => product * size)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)next();
        return NativeTensor.Of(values, shape, device);
    }
}
