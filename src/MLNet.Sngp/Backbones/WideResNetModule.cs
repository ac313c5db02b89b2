using MLNet.Sngp.Data;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Training;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.Sngp.Backbones;

/// <summary>The module of <see cref="WideResNet"/>.</summary>
internal sealed class WideResNetModule : ModularBackboneModule
{
    private const int MeasuredRows = 256;
    private const int RowsAtOnce = 64;
    private const int PowerIterations = 50;

    // Of pixels; larger ones are cut off.
    private const double SmallestUsefulLimit = 1e6;

    private readonly long[] _rowShape;
    private readonly ImageShape _images;
    private readonly ChannelNormalization _normalization;
    private readonly IReadOnlyDictionary<nn.Module, LinearOperator> _operators;

    /// <param name="options">Depth, width, dropout and bound.</param>
    /// <param name="rowShape">[C, H, W] or [H, W, C].</param>
    /// <param name="random">Draws the convolutions' weights.</param>
    /// <param name="device">Where the tensors live.</param>
    public WideResNetModule(WideResNet options, long[] rowShape, SeededRandom random, Device device)
        : this(new WideResNetLayers(options, rowShape, random), options, rowShape, device)
    {
    }

    private WideResNetModule(WideResNetLayers layers, WideResNet options, long[] rowShape, Device device)
        : base(nameof(WideResNet), layers.Network.to(device))
    {
        (_rowShape, _images, _normalization, _operators) = (rowShape, layers.Images, layers.Normalization, layers.Operators);
        NumberOfHiddenUnits = options.NumberOfHiddenUnits;
    }

    public override long NumberOfHiddenUnits { get; }

    /// <remarks>The statistics of batch normalisation are measured too, in the bounded network: distances between hidden vectors, from
    /// which the kernel scale is chosen, would otherwise be those of a network without normalisation.</remarks>
    public override void Adapt(RowSource rows, Action throwIfCancelled)
    {
        var moments = ChannelMoments.Of(rows, _images, throwIfCancelled);
        _normalization.Set(moments.Mean, moments.Deviation);
        Bound();
        eval();
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var pass = rows.Sample(MeasuredRows, seed: 0);
        var batch = new BatchTensors(rows, (int)Math.Min(RowsAtOnce, rows.NumberOfRows), parameters().First().device);
        for (var number = 1; batch.Read(pass); number++)
        {
            throwIfCancelled();
            using var batchScope = NewDisposeScope();
            MeasuredShare = 1.0 / number;
            forward(batch.Features.view([batch.Count, .. _rowShape]));
        }
        MeasuredShare = null;
    }

    /// <remarks>A limit on ‖h‖ gives one on the pixels: then no layer needs one of its own, and ONNX Runtime can fold batch normalisation
    /// into convolutions.</remarks>
    public override InputLimits Limits(double largestHidden, bool isThinned)
    {
        using var noGradient = no_grad();
        double pixels = _images.Pixels;
        var reach = ReachOf(Module, new Reach(Math.Sqrt(_images.Channels * pixels), 0, pixels), isThinned);
        return InputLimits.Of(reach.Gain, reach.Offset, largestHidden, NumberOfHiddenUnits, SmallestUsefulLimit);
    }

    // Rectifiers make nothing longer.
    private Reach ReachOf(nn.Module module, Reach input, bool isThinned) => module switch
    {
        Sequential sequence => sequence.children().Aggregate(input, (reach, child) => ReachOf(child, reach, isThinned)),
        Residual residual => ReachOf(residual.Branch, input, isThinned)
            .Plus(residual.Shortcut is { } shortcut ? ReachOf(shortcut, input, isThinned) : input),
        PooledGroups pooled => ReachOf(pooled, input, isThinned),
        SpectralNormalization bounded => ReachOf(bounded.Layer, input, isThinned),
        Conv2d convolution => Times(_operators[convolution], input),
        BatchNorm2d norm => Affine(norm, input),
        ChannelNormalization channels => Affine(channels, input),
        Dropout dropout when isThinned => input.Times(DropoutOf(dropout).Scale),
        AdaptiveAvgPool2d => input.Times(1 / Math.Sqrt(input.Pixels)) with { Pixels = 1 },
        _ => input,
    };

    // Vectors side by side are at most as long as all of them in a row.
    private Reach ReachOf(PooledGroups pooled, Reach input, bool isThinned)
    {
        var (value, sum) = (input, new Reach(0, 0, 1));
        foreach (var (layers, pool) in pooled.Groups)
        {
            value = ReachOf(layers, value, isThinned);
            sum = sum.Plus(ReachOf(pool, value, isThinned));
        }
        return sum;
    }

    private static Reach Times(LinearOperator convolution, Reach input) =>
        input.Times(convolution.LargestSingularValue(PowerIterations)) with
        {
            Pixels = convolution.OutputShape[2] * convolution.OutputShape[3],
        };

    private static Reach Affine(BatchNorm2d norm, Reach input)
    {
        using var scope = NewDisposeScope();
        using var epsilon = norm.eps.ToScalar();
        var gain = norm.weight!.detach().div(norm.running_var!.add(epsilon, HeldScalars.One).sqrt());
        return input.Affine(gain, norm.bias!.detach().sub(norm.running_mean!.mul(gain)));
    }

    private static Reach Affine(ChannelNormalization channels, Reach input)
    {
        using var scope = NewDisposeScope();
        return input.Affine(channels.Scale, channels.Mean.mul(channels.Scale));
    }

    /// <summary>The length of an image between two layers is at most Gain·max|x| + Offset, x the pixels that come in.</summary>
    private readonly record struct Reach(double Gain, double Offset, double Pixels)
    {
        public Reach Times(double factor) => this with { Gain = Gain * factor, Offset = Offset * factor };

        public Reach Plus(Reach other) => this with { Gain = Gain + other.Gain, Offset = Offset + other.Offset };

        public Reach Affine(Tensor gain, Tensor offset)
        {
            var scaled = Times(gain.abs().max().item<float>());
            return scaled with { Offset = scaled.Offset + (InputLimits.Length(offset) * Math.Sqrt(Pixels)) };
        }
    }
}
