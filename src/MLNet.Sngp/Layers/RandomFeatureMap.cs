using MLNet.Sngp.Backbones;
using TorchSharp;
using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Sngp.Layers;

/// <summary>
/// The random features of a kernel. With the Gaussian kernel φ(h) = a·cos(h·W/√s + b), where W ~ N(0, 1) and b ~ U[0, 2π) are frozen and
/// a = √(2/M) or 1, so that φ(h)·φ(h′) approximates a²M/2·exp(−|h − h′|²/(2s)). With the linear kernel φ(h) = a·h/√s.
/// </summary>
/// <remarks>Rahimi and Recht 2007; Liu et al. 2020, equation 6; the linear kernel as in tensorflow/models, a included.</remarks>
internal sealed class RandomFeatureMap : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "weight")]
    private readonly Tensor? _weight;

    [ComponentName(Name = "phase")]
    private readonly Tensor? _phase;

    private readonly long _units;

    /// <param name="units">H, the width of the hidden vectors.</param>
    /// <param name="options">M, the amplitude and the kernel's options.</param>
    /// <param name="kernelScale">s, in squared units of the hidden vectors.</param>
    /// <param name="seed">Fixes W and b.</param>
    /// <param name="device">Where they live.</param>
    public RandomFeatureMap(long units, GaussianProcessOptions options, double kernelScale, int seed, Device device)
        : base(nameof(RandomFeatureMap))
    {
        long count = options.NumberOfRandomFeatures;
        _units = units;
        Amplitude = options.ScaleRandomFeatures ? Math.Sqrt(2.0 / count) : 1;
        if (options.Kernel == GaussianProcessKernel.Linear)
            Amplitude /= Math.Sqrt(kernelScale);
        else
        {
            var random = new SeededRandom(seed, RandomPurpose.RandomFeatures);
            _weight = Directions(random, options, units, kernelScale, device);
            _phase = Initial.Uniform(random, [count], 2 * Math.PI, device);
        }
        RegisterComponents();
    }

    /// <summary>What <see cref="Basis"/> is multiplied by: a, or a/√s with the linear kernel.</summary>
    public double Amplitude { get; }

    /// <summary>Whether the features are the hidden vector itself.</summary>
    public bool IsLinear => _weight is null;

    /// <summary>W/√s, shape [H, M].</summary>
    public Tensor ScaledWeight => _weight ?? throw new InvalidOperationException("The linear kernel has no random directions.");

    /// <summary>b, shape [M], in radians.</summary>
    public Tensor Phase => _phase ?? throw new InvalidOperationException("The linear kernel has no phases.");

    /// <summary>The number of features: M, or H with the linear kernel.</summary>
    public long NumberOfFeatures => _phase?.shape[0] ?? _units;

    /// <summary>What |φ|² cannot exceed: a²M; infinite with the linear kernel.</summary>
    public double LargestSquaredNorm => IsLinear ? double.PositiveInfinity : Amplitude * Amplitude * NumberOfFeatures;

    /// <summary>How many features a map for these options has.</summary>
    public static long CountFeatures(long units, GaussianProcessOptions options) =>
        options.Kernel == GaussianProcessKernel.Linear ? units : options.NumberOfRandomFeatures;

    /// <summary>φ before the amplitude: the cosines, or the hidden vectors with the linear kernel.</summary>
    public Tensor Basis(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        return IsLinear ? hidden.alias().MoveToOuterDisposeScope() : scope.MoveToOuter(addmm(Phase, hidden, ScaledWeight, 1, 1).cos());
    }

    /// <summary>φ, shape [B, M], for hidden vectors of shape [B, H].</summary>
    public override Tensor forward(Tensor hidden)
    {
        using var scope = NewDisposeScope();
        using var amplitude = Amplitude.ToScalar();
        return scope.MoveToOuter(Basis(hidden).mul(amplitude));
    }

    /// <summary>Adds <see cref="Basis"/>: the amplitude is folded into what follows.</summary>
    public string AddBasisTo(OnnxGraphBuilder graph, string hidden) =>
        IsLinear ? hidden : graph.Node("cosines", "Cos", [graph.Dense("phases", hidden, ScaledWeight, Phase)]);

    /// <summary>The limit on the length of a hidden vector up to which |φ| and what it is multiplied by stay finite.</summary>
    /// <param name="outputWeight">β, shape [M, K].</param>
    /// <param name="largestLogit">What a logit may not exceed.</param>
    public double LargestHidden(Tensor outputWeight, double largestLogit) => IsLinear
        ? largestLogit / Math.Max(InputLimits.SpectralNormBound(outputWeight), 1e-3) / Amplitude
        : InputLimits.LargestBefore(ScaledWeight);

    private static Tensor Directions(SeededRandom random, GaussianProcessOptions options, long units, double kernelScale, Device device)
    {
        using var scope = NewDisposeScope();
        using var length = Math.Sqrt(kernelScale).ToScalar();
        var directions = options.OrthogonalRandomFeatures
            ? RandomDirections.Orthogonal(random, units, options.NumberOfRandomFeatures, device)
            : RandomDirections.Independent(random, units, options.NumberOfRandomFeatures, device);
        return scope.MoveToOuter(directions.div(length));
    }
}
