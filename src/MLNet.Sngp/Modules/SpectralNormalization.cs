using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Modules;

/// <summary>
/// Soft spectral normalisation of a stack of weights: W ← W·min(1, c/σ₁), with σ₁ from power iteration.
/// </summary>
/// <remarks>
/// Liu et al. 2020, section 3.2, in edward2's form: the stored weight itself is projected before each training
/// step, no gradient flows through σ₁, and smaller weights are left as they are.
/// </remarks>
internal sealed class SpectralNormalization
{
    // As in tf.math.l2_normalize, which divides by √max(Σx², 1e-12).
    private static readonly Scalar SmallestNorm = 1e-6.ToScalar();
    private readonly Tensor _weights;
    private readonly double _bound;
    private readonly int _iterations;
    private readonly Tensor _weightsTransposed;

    /// <param name="weights">Shape [L, inputs, outputs]; changed in place by <see cref="Apply()"/>.</param>
    /// <param name="bound">c, the largest singular value that a weight may keep.</param>
    /// <param name="iterations">Power iterations for each call of <see cref="Apply()"/>.</param>
    /// <param name="random">Draws the vector that the first iteration starts from.</param>
    public SpectralNormalization(Tensor weights, double bound, int iterations, SeededRandom random)
    {
        _weights = weights;
        _bound = bound;
        _iterations = iterations;
        Right = Initial.Gaussian(random, [weights.shape[0], 1, weights.shape[2]], weights.device);
        Left = Initial.Gaussian(random, [weights.shape[0], 1, weights.shape[1]], weights.device);
        _weightsTransposed = weights.transpose(1, 2);
        SingularValues = zeros(weights.shape[0], 1, 1, dtype: weights.dtype, device: weights.device);
    }

    /// <summary>The estimates of the right singular vectors (the reference's u), shape [L, 1, outputs].</summary>
    public Tensor Right { get; }

    /// <summary>The estimates of the left singular vectors (the reference's v), shape [L, 1, inputs].</summary>
    public Tensor Left { get; }

    /// <summary>The latest estimates of the largest singular values, from before the projection; shape [L, 1, 1].</summary>
    public Tensor SingularValues { get; }

    /// <summary>Runs the power iterations and projects the weights in place.</summary>
    public void Apply() => Apply(_iterations);

    /// <summary>Runs the given number of power iterations and projects the weights in place.</summary>
    public void Apply(int iterations)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        for (var i = 0; i < iterations; i++)
        {
            Left.copy_(Right.bmm(_weightsTransposed));
            Left.div_(Norm(Left));
            Right.copy_(Left.bmm(_weights));
            SingularValues.copy_(Norm(Right));
            Right.div_(SingularValues);
        }
        using var bound = _bound.ToScalar();
        _weights.mul_(SingularValues.reciprocal().mul_(bound).clamp_max_(HeldScalars.One));
    }

    private static Tensor Norm(Tensor vectors) => vectors.norm(2, keepdim: true).clamp_min_(SmallestNorm);
}
