using static TorchSharp.torch;

namespace MLNet.Sngp.Layers;

/// <summary>Centres and scales each channel of images by fixed numbers: (x − mean)/deviation.</summary>
internal sealed class ChannelNormalization : nn.Module<Tensor, Tensor>, IOnnxModule
{
    /// <param name="channels">C.</param>
    public ChannelNormalization(long channels)
        : base(nameof(ChannelNormalization))
    {
        register_buffer("mean", zeros([1, channels, 1, 1], dtype: ScalarType.Float32));
        register_buffer("scale", ones([1, channels, 1, 1], dtype: ScalarType.Float32));
    }

    /// <summary>Shape [1, C, 1, 1].</summary>
    public Tensor Mean => get_buffer("mean")!;

    /// <summary>One over the deviations, shape [1, C, 1, 1].</summary>
    public Tensor Scale => get_buffer("scale")!;

    public void Set(double[] means, double[] deviations)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Mean.copy_(NativeTensor.Of(means, Mean.shape, CPU));
        Scale.copy_(NativeTensor.Of([.. deviations.Select(deviation => 1 / deviation)], Scale.shape, CPU));
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(input.sub(Mean).mul(Scale));
    }

    public string AddTo(OnnxGraphBuilder graph, string input)
    {
        var centred = graph.Node("centred", "Sub", [input, graph.Constant("mean", Mean)]);
        return graph.Node("normalised", "Mul", [centred, graph.Constant("scale", Scale)]);
    }
}
