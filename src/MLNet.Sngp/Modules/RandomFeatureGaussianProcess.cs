using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Modules;

/// <summary>
/// The random-feature Gaussian process layer: logits = φ·β + c. With the Gaussian kernel φ(h) = a·cos(h·W/√s + b),
/// where W ~ N(0, 1) and b ~ U[0, 2π) are frozen and a = √(2/M) or 1, so that φ(h)·φ(h′) approximates
/// a²M/2·exp(−|h − h′|²/(2s)). With the linear kernel φ(h) = a·h/√s.
/// </summary>
/// <remarks>
/// Rahimi and Recht 2007; Liu et al. 2020, equation 6; the linear kernel as in tensorflow/models, a included.
/// </remarks>
internal sealed class RandomFeatureGaussianProcess
{
    private readonly Tensor? _scaledWeight;
    private readonly Tensor? _bias;

    /// <param name="units">H, the width of the hidden vectors.</param>
    /// <param name="options">M, the amplitude and the kernel's options.</param>
    /// <param name="kernelScale">s, in squared units of the hidden vectors.</param>
    /// <param name="transposedOutputWeight">βᵀ, shape [K, M], trainable; [K, H] with the linear kernel.</param>
    /// <param name="random">Draws W and b.</param>
    public RandomFeatureGaussianProcess(int units, SngpTrainer.Options options, double kernelScale, Tensor transposedOutputWeight, SeededRandom random)
    {
        long count = options.NumberOfRandomFeatures;
        Amplitude = options.ScaleRandomFeatures ? Math.Sqrt(2.0 / count) : 1;
        TransposedOutputWeight = transposedOutputWeight;
        OutputBias = options.OutputBias;
        if (options.Kernel == GaussianProcessKernel.Linear)
        {
            Amplitude /= Math.Sqrt(kernelScale);
            return;
        }
        using (var scope = NewDisposeScope())
        {
            var directions = options.OrthogonalRandomFeatures
                ? RandomDirections.Orthogonal(random, units, count, transposedOutputWeight.device)
                : RandomDirections.Independent(random, units, count, transposedOutputWeight.device);
            using var length = Math.Sqrt(kernelScale).ToScalar();
            _scaledWeight = directions.div(length).MoveToOuterDisposeScope();
        }
        _bias = Initial.Uniform(random, [count], 2 * Math.PI, transposedOutputWeight.device);
    }

    /// <summary>What <see cref="Basis"/> is multiplied by: a, or a/√s with the linear kernel.</summary>
    public double Amplitude { get; }

    /// <summary>Whether the features are the hidden vector itself.</summary>
    public bool IsLinear => _scaledWeight is null;

    /// <summary>W/√s, shape [H, M].</summary>
    public Tensor ScaledWeight => _scaledWeight ?? throw new InvalidOperationException("The linear kernel has no random directions.");

    /// <summary>b, shape [M], in radians.</summary>
    public Tensor Bias => _bias ?? throw new InvalidOperationException("The linear kernel has no phases.");

    /// <summary>β, shape [M, K]; a view.</summary>
    public Tensor OutputWeight => TransposedOutputWeight.t();

    /// <summary>βᵀ, shape [K, M], class by class in memory: MKL takes many times as long for a product whose last matrix has few columns
    /// side by side.</summary>
    public Tensor TransposedOutputWeight { get; }

    /// <summary>c, the same constant for each class.</summary>
    public double OutputBias { get; }

    /// <summary>The number of features: M, or H with the linear kernel.</summary>
    public long NumberOfFeatures => TransposedOutputWeight.shape[1];

    /// <summary>What |φ|² cannot exceed: a²M; infinite with the linear kernel.</summary>
    public double LargestSquaredNorm => IsLinear ? double.PositiveInfinity : Amplitude * Amplitude * NumberOfFeatures;

    /// <summary>How many features a layer for these options has.</summary>
    public static int CountFeatures(int units, SngpTrainer.Options options) =>
        options.Kernel == GaussianProcessKernel.Linear ? units : options.NumberOfRandomFeatures;

    /// <summary>φ before the amplitude: the cosines, or the hidden vectors with the linear kernel.</summary>
    public Tensor Basis(Tensor hidden) => IsLinear ? hidden : addmm(Bias, hidden, ScaledWeight, 1, 1).cos_();

    /// <summary>φ, shape [B, M], for hidden vectors of shape [B, H].</summary>
    public Tensor Features(Tensor hidden)
    {
        using var amplitude = Amplitude.ToScalar();
        return IsLinear ? hidden.mul(amplitude) : Basis(hidden).mul_(amplitude);
    }

    /// <summary>The logits, shape [B, K], for random features of shape [B, M].</summary>
    public Tensor Logits(Tensor features)
    {
        var logits = features.mm(OutputWeight);
        using var bias = OutputBias.ToScalar();
        return OutputBias == 0 ? logits : logits.add(bias, HeldScalars.One);
    }
}
