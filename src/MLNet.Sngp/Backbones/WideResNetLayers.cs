using System.Globalization;
using MLNet.Sngp.Data;
using MLNet.Sngp.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.Sngp.Backbones;

/// <summary>Puts the modules of a <see cref="WideResNet"/> together, on the processor.</summary>
internal sealed class WideResNetLayers
{
    private const double Momentum = 0.1;
    private const double Epsilon = 1e-5;
    private readonly WideResNet _options;
    private readonly SeededRandom _random;
    private readonly Dictionary<nn.Module, LinearOperator> _operators = new(ReferenceEqualityComparer.Instance);
    private long _channels;
    private long _height;
    private long _width;

    /// <param name="options">Depth, width, dropout and bound.</param>
    /// <param name="rowShape">[C, H, W] or [H, W, C].</param>
    /// <param name="random">Draws the convolutions' weights, He normal.</param>
    public WideResNetLayers(WideResNet options, long[] rowShape, SeededRandom random)
    {
        (_options, _random) = (options, random);
        Images = ImageShape.Of(rowShape)!;
        (_channels, _height, _width) = (Images.Channels, Images.Height, Images.Width);
        Normalization = new ChannelNormalization(_channels);
        Network = Create();
    }

    public ImageShape Images { get; }

    /// <summary>By what the images are centred and scaled; a part of <see cref="Network"/>.</summary>
    public ChannelNormalization Normalization { get; }

    public nn.Module<Tensor, Tensor> Network { get; }

    /// <summary>Each convolution as an operator on images of the size that it gets.</summary>
    public IReadOnlyDictionary<nn.Module, LinearOperator> Operators => _operators;

    private Sequential Create()
    {
        List<(string, nn.Module<Tensor, Tensor>)> parts = Images.IsInterleaved ? [("planar", new ChannelsFirst(Images))] : [];
        parts.AddRange([("channels", Normalization), ("convolution", Convolution(_options.BaseWidth, 3, 1))]);
        List<(nn.Module<Tensor, Tensor>, nn.Module<Tensor, Tensor>)> groups = [];
        for (var group = 0; group < 3; group++)
        {
            var blocks = Group(group);
            if (_options.PoolsEveryGroup)
                groups.Add((nn.Sequential(blocks), Pool()));
            else
                parts.Add((string.Create(CultureInfo.InvariantCulture, $"group{group}"), nn.Sequential(blocks)));
        }
        parts.Add(("pool", _options.PoolsEveryGroup ? new PooledGroups(groups) : Pool()));
        return nn.Sequential(parts);
    }

    private List<(string, nn.Module<Tensor, Tensor>)> Group(int group)
    {
        List<(string, nn.Module<Tensor, Tensor>)> blocks = [];
        for (var block = 0; block < _options.BlocksInGroup; block++)
        {
            var outputs = (long)_options.BaseWidth * _options.WidenFactor << group;
            blocks.Add((string.Create(CultureInfo.InvariantCulture, $"block{block}"),
                Block(outputs, group > 0 && block == 0 ? 2 : 1)));
        }
        return blocks;
    }

    private Sequential Pool() => nn.Sequential(
        ("norm", Norm()), ("relu", nn.ReLU()), ("mean", nn.AdaptiveAvgPool2d(1)), ("flatten", nn.Flatten()));

    private Residual Block(long outputs, long stride)
    {
        var (inputs, height, width) = (_channels, _height, _width);
        List<(string, nn.Module<Tensor, Tensor>)> parts =
            [("norm1", Norm()), ("relu1", nn.ReLU()), ("convolution1", Convolution(outputs, 3, stride)),
                ("norm2", Norm()), ("relu2", nn.ReLU())];
        // After the rectifier, as in the paper: before the normalisation it would change the variance that this divides by.
        if (_options.HasDropout)
            parts.Add(("dropout", nn.Dropout(_options.DropoutRate)));
        parts.Add(("convolution2", Convolution(outputs, 3, 1)));
        var branch = nn.Sequential(parts);
        if (inputs == outputs && stride == 1)
            return new Residual(branch);
        (_channels, _height, _width) = (inputs, height, width);
        return new Residual(branch, Convolution(outputs, 1, stride));
    }

    private BatchNorm2d Norm() => nn.BatchNorm2d(_channels, Epsilon, Momentum, dtype: ScalarType.Float32);

    /// <summary>A convolution over the images that come next, without bias and bounded where there is a bound.</summary>
    private nn.Module<Tensor, Tensor> Convolution(long outputs, long kernel, long stride)
    {
        // On the device that holds no values, for TorchSharp draws them from torch's global generator.
        var layer = nn.Conv2d(_channels, outputs, kernel, stride, kernel / 2, bias: false, device: META, dtype: ScalarType.Float32);
        layer.weight = nn.Parameter(Initial.HeNormal(_random, [outputs, _channels, kernel, kernel], CPU));
        var linear = _operators[layer] = LinearOperator.Of(layer, _height, _width);
        nn.Module<Tensor, Tensor> bounded = _options.SpectralNormBound is { } bound
            ? new SpectralNormalization(layer, _height, _width, bound, _options.NumberOfPowerIterations, _operators.Count)
            : layer;
        (_channels, _height, _width) = (outputs, linear.OutputShape[2], linear.OutputShape[3]);
        return bounded;
    }
}
