using TorchSharp;
using TorchSharp.Modules;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Sngp.Layers;

/// <summary>
/// Bounds the spectral norm of a linear or convolutional layer softly: W ← W·min(1, c/σ₁), with σ₁, the layer's largest singular value,
/// from power iteration.
/// </summary>
/// <remarks>
/// <para>Liu et al. 2020 (arXiv 2006.10108), section 3.2, in the form of edward2 and tensorflow/models: in training mode, before each
/// forward pass, the stored weight itself is projected; no gradient flows through σ₁; a smaller weight is left as it is; in evaluation mode
/// nothing changes. Around a residual branch, with c below 1, this keeps the distances between inputs.</para>
/// <para>Of a convolution the operator is bounded that maps a whole picture, not the unfolded kernel: the power iteration goes through the
/// convolution and its transpose (Gouk et al. 2018, arXiv 1804.04368). The estimates of the singular vectors are buffers, so that a saved
/// module goes on where it was.</para>
/// <para>The module owns the layer. Not thread-safe.</para>
/// </remarks>
/// <example><code>var bounded = new SpectralNormalization(nn.Linear(128, 128), bound: 0.9);</code></example>
public sealed class SpectralNormalization : nn.Module<Tensor, Tensor>, IOnnxModule
{
    [ComponentName(Name = "layer")]
    private readonly nn.Module<Tensor, Tensor> _layer;

    [ComponentName(Name = "left")]
    private readonly Tensor _left;

    [ComponentName(Name = "right")]
    private readonly Tensor _right;

    [ComponentName(Name = "singular_value")]
    private readonly Tensor _singularValue;

    private readonly LinearOperator _operator;
    private readonly int _iterations;

    /// <summary>Wraps a linear layer.</summary>
    /// <param name="layer">The layer, of weight W with shape [outputs, inputs]; its weight is changed in place.</param>
    /// <param name="bound">c, above 0. The paper takes values from 0.9 to 6; below 1 a residual branch keeps distances.</param>
    /// <param name="numberOfPowerIterations">Power iterations before each forward pass in training mode, from 1.</param>
    /// <param name="seed">Fixes the vector that the first iteration starts from. No global generator is used.</param>
    /// <exception cref="ArgumentNullException"><paramref name="layer"/> is null.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public SpectralNormalization(Linear layer, double bound = 0.95, int numberOfPowerIterations = 1, int seed = 0)
        : this(layer, layer is null ? throw new ArgumentNullException(nameof(layer)) : LinearOperator.Of(layer), bound,
        numberOfPowerIterations, seed)
    {
    }

    /// <summary>Wraps a convolution.</summary>
    /// <param name="layer">The convolution, padded with zeros by numbers; its weight is changed in place.</param>
    /// <param name="height">The height of the pictures that come in, in pixels; the norm hardly depends on it.</param>
    /// <param name="width">Their width, in pixels.</param>
    /// <param name="bound">c, above 0.</param>
    /// <param name="numberOfPowerIterations">Power iterations before each forward pass in training mode, from 1.</param>
    /// <param name="seed">Fixes the picture that the first iteration starts from. No global generator is used.</param>
    /// <exception cref="ArgumentNullException"><paramref name="layer"/> is null.</exception>
    /// <exception cref="ArgumentException">The convolution pads otherwise than with zeros by numbers, or gives no picture for this height
    /// and width.</exception>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    public SpectralNormalization(Conv2d layer, long height, long width, double bound = 0.95, int numberOfPowerIterations = 1, int seed = 0)
        : this(layer, layer is null ? throw new ArgumentNullException(nameof(layer)) : LinearOperator.Of(layer, height, width), bound,
        numberOfPowerIterations, seed)
    {
    }

    private SpectralNormalization(nn.Module<Tensor, Tensor> layer, LinearOperator bounded, double bound, int iterations, int seed)
        : base(nameof(SpectralNormalization))
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(bound);
        ArgumentOutOfRangeException.ThrowIfLessThan(iterations, 1);
        if (!double.IsFinite(bound))
            throw new ArgumentOutOfRangeException(nameof(bound), bound, "The bound must be a finite number.");
        _layer = layer;
        _operator = bounded;
        Bound = bound;
        _iterations = iterations;
        var weight = bounded.Weight;
        var random = new SeededRandom(seed, RandomPurpose.NetworkWeights);
        using (var scope = NewDisposeScope())
            _right = scope.MoveToOuter(Initial.Gaussian(random, bounded.OutputShape, weight.device).to(weight.dtype));
        _left = zeros(bounded.InputShape, dtype: weight.dtype, device: weight.device);
        _singularValue = zeros([], dtype: weight.dtype, device: weight.device);
        RegisterComponents();
    }

    /// <summary>c, the largest spectral norm that the layer may keep.</summary>
    public double Bound { get; }

    /// <summary>The layer inside.</summary>
    public nn.Module<Tensor, Tensor> Layer => _layer;

    /// <summary>The latest estimate of σ₁, from before the projection; a tensor of no dimension, 0 before the first pass. It belongs to the
    /// module.</summary>
    public Tensor SingularValue => _singularValue;

    /// <summary>Projects the weight in training mode, then applies the layer.</summary>
    /// <param name="input">What the layer takes.</param>
    /// <returns>What the layer gives.</returns>
    public override Tensor forward(Tensor input)
    {
        if (training)
            Project(_iterations);
        return _layer.call(input);
    }

    /// <inheritdoc/>
    /// <remarks>The layer inside alone: its stored weight is bounded already.</remarks>
    public string AddTo(OnnxGraphBuilder graph, string input) => ModuleNodes.Add(graph, _layer, input);

    /// <summary>Runs power iterations and projects the weight, as a forward pass in training mode does.</summary>
    /// <param name="numberOfPowerIterations">How many, from 1.</param>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="numberOfPowerIterations"/> is below 1.</exception>
    public void Project(int numberOfPowerIterations = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(numberOfPowerIterations, 1);
        _operator.Project(_left, _right, _singularValue, Bound, numberOfPowerIterations);
    }
}
