using System.Globalization;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.Sngp.Layers;

/// <summary>A layer without its bias as a linear map from one input to one output, with its transpose: what power iteration
/// needs.</summary>
internal abstract class LinearOperator
{
    // As in tf.math.l2_normalize, which divides by √max(Σx², 1e-12).
    private static readonly Scalar SmallestNorm = 1e-6.ToScalar();

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

    /// <summary>Several matrices, shape [L, inputs, outputs], each an operator of its own.</summary>
    public static LinearOperator OfStack(Tensor weights) => new Stack(weights);

    /// <summary>Soft spectral normalisation: power iterations, then W ← W·min(1, c/σ₁). No gradient flows through σ₁.</summary>
    /// <remarks>Liu et al. 2020, section 3.2, in edward2's form; smaller weights are left as they are.</remarks>
    /// <param name="left">The estimate of the singular vector on the side of the input; is changed.</param>
    /// <param name="right">That on the side of the output; is changed.</param>
    /// <param name="singularValue">Is set to σ₁ from before the projection.</param>
    /// <param name="bound">c.</param>
    /// <param name="iterations">How many power iterations to run.</param>
    public void Project(Tensor left, Tensor right, Tensor singularValue, double bound, int iterations)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var heldBound = bound.ToScalar();
        Iterate(left, right, singularValue, iterations);
        Weight.mul_(singularValue.reciprocal().mul_(heldBound).clamp_max_(HeldScalars.One));
    }

    /// <summary>The largest singular value, from below, by so many power iterations.</summary>
    public double LargestSingularValue(int iterations)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var weight = Weight;
        var start = Initial.Gaussian(new SeededRandom(0, RandomPurpose.NetworkWeights), OutputShape, weight.device);
        var value = zeros([], dtype: weight.dtype, device: weight.device);
        Iterate(zeros(InputShape, dtype: weight.dtype, device: weight.device), start.to(weight.dtype), value, iterations);
        return value.item<float>();
    }

    protected virtual Tensor Norm(Tensor vector) => vector.norm();

    private void Iterate(Tensor left, Tensor right, Tensor singularValue, int iterations)
    {
        for (var i = 0; i < iterations; i++)
        {
            left.copy_(Transposed(right));
            left.div_(SafeNorm(left));
            right.copy_(Apply(left));
            singularValue.copy_(SafeNorm(right));
            right.div_(singularValue);
        }
    }

    private Tensor SafeNorm(Tensor vector) => Norm(vector).clamp_min_(SmallestNorm);

    private sealed class Matrix(Linear layer) : LinearOperator
    {
        public override Tensor Weight => layer.weight;

        public override long[] InputShape => [1, layer.weight.shape[1]];

        public override long[] OutputShape => [1, layer.weight.shape[0]];

        public override Tensor Apply(Tensor input) => input.mm(Weight.t());

        public override Tensor Transposed(Tensor output) => output.mm(Weight);
    }

    private sealed class Stack(Tensor weights) : LinearOperator
    {
        public override Tensor Weight => weights;

        public override long[] InputShape => [weights.shape[0], 1, weights.shape[1]];

        public override long[] OutputShape => [weights.shape[0], 1, weights.shape[2]];

        public override Tensor Apply(Tensor input) => input.bmm(weights);

        public override Tensor Transposed(Tensor output) => output.bmm(weights.transpose(1, 2));

        protected override Tensor Norm(Tensor vector) => vector.norm(2, keepdim: true);
    }

    private sealed class Convolution : LinearOperator
    {
        private readonly Conv2d _layer;
        private readonly long[] _padding;
        private readonly long[] _outputPadding;

        public Convolution(Conv2d layer, long height, long width)
        {
            if (layer.padding_mode != PaddingModes.Zeros || layer.padding is null)
            {
                throw new ArgumentException(
                    "The convolution must be padded with zeros, by numbers: give nn.Conv2d padding as a number instead of "
                    + "Padding.Same or another padding mode.", nameof(layer));
            }
            _layer = layer;
            _padding = layer.padding;
            long[] size = [height, width];
            long[] reach = [.. Enumerable.Range(0, 2).Select(i => (layer.dilation[i] * (layer.kernel_size[i] - 1)) + 1)];
            long[] steps = [.. Enumerable.Range(0, 2).Select(i => size[i] + (2 * _padding[i]) - reach[i])];
            if (height < 1 || width < 1 || steps.Any(step => step < 0))
            {
                throw new ArgumentException(string.Create(CultureInfo.InvariantCulture,
                    $"The convolution gives nothing for pictures of {height} by {width} pixels: its kernel reaches over {reach[0]} by "
                    + $"{reach[1]}."), nameof(height));
            }
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
