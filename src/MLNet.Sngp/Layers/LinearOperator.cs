using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.Sngp.Layers;

/// <summary>A layer without its bias as a linear map from one input to one output, with its transpose: what power iteration
/// needs.</summary>
internal abstract class LinearOperator
{
    /// <summary>W, as the layer has it now: moving a module to another device gives it a new one.</summary>
    public abstract Tensor Weight { get; }

    /// <summary>The shape of one input, as a batch of one.</summary>
    public abstract long[] InputShape { get; }

    /// <summary>The shape of one output, as a batch of one.</summary>
    public abstract long[] OutputShape { get; }

    public abstract Tensor Apply(Tensor input);

    public abstract Tensor Transposed(Tensor output);

    public static LinearOperator Of(Linear layer) => new Matrix(layer);

    public static LinearOperator Of(Conv2d layer, long height, long width) => new Convolution(layer, height, width);

    private sealed class Matrix(Linear layer) : LinearOperator
    {
        public override Tensor Weight => layer.weight;

        public override long[] InputShape => [1, layer.weight.shape[1]];

        public override long[] OutputShape => [1, layer.weight.shape[0]];

        public override Tensor Apply(Tensor input) => input.mm(Weight.t());

        public override Tensor Transposed(Tensor output) => output.mm(Weight);
    }

    private sealed class Convolution : LinearOperator
    {
        private readonly Conv2d _layer;
        private readonly long[] _padding;
        private readonly long[] _outputPadding;

        public Convolution(Conv2d layer, long height, long width)
        {
            if (layer.padding_mode != PaddingModes.Zeros || layer.padding is null)
                throw new ArgumentException("The convolution must be padded with zeros, by numbers: give nn.Conv2d padding as a number instead of Padding.Same or another padding mode.", nameof(layer));
            _layer = layer;
            _padding = layer.padding;
            long[] size = [height, width];
            long[] reach = [.. Enumerable.Range(0, 2).Select(i => (layer.dilation[i] * (layer.kernel_size[i] - 1)) + 1)];
            long[] steps = [.. Enumerable.Range(0, 2).Select(i => size[i] + (2 * _padding[i]) - reach[i])];
            if (height < 1 || width < 1 || steps.Any(step => step < 0))
                throw new ArgumentException(FormattableString.Invariant($"The convolution gives nothing for pictures of {height} by {width} pixels: its kernel reaches over {reach[0]} by {reach[1]}."), nameof(height));
            InputShape = [1, layer.in_channels, height, width];
            OutputShape = [1, layer.out_channels, (steps[0] / layer.stride[0]) + 1, (steps[1] / layer.stride[1]) + 1];
            // Rows and columns at the end that no step of the kernel reaches.
            _outputPadding = [steps[0] % layer.stride[0], steps[1] % layer.stride[1]];
        }

        public override Tensor Weight => _layer.weight;

        public override long[] InputShape { get; }

        public override long[] OutputShape { get; }

        public override Tensor Apply(Tensor input) =>
            nn.functional.conv2d(input, Weight, null, _layer.stride, _padding, _layer.dilation, _layer.groups);

        public override Tensor Transposed(Tensor output) =>
            nn.functional.conv_transpose2d(output, Weight, null, _layer.stride, _padding, _outputPadding, _layer.dilation, _layer.groups);
    }
}
