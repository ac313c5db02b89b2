using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Modules;

/// <summary>
/// The random-feature Gaussian process layer: φ(h) = a·cos(h·W/√s + b) and logits = φ·β, where W ~ N(0, 1) and
/// b ~ U[0, 2π) are frozen and a = √(2/M) or 1. φ(h)·φ(h′) approximates a²M/2·exp(−|h − h′|²/(2s)).
/// </summary>
/// <remarks>Rahimi and Recht 2007; Liu et al. 2020, equation 6.</remarks>
internal sealed class RandomFeatureGaussianProcess
{
    private readonly Tensor _scaledWeight;

    /// <param name="units">H, the width of the hidden vectors.</param>
    /// <param name="options">M, the amplitude and the kernel's options.</param>
    /// <param name="kernelScale">s, in squared units of the hidden vectors.</param>
    /// <param name="outputWeight">β, shape [M, K], trainable.</param>
    /// <param name="random">Draws W and b.</param>
    public RandomFeatureGaussianProcess(int units, SngpTrainer.Options options, double kernelScale, Tensor outputWeight, SeededRandom random)
    {
        long count = options.NumberOfRandomFeatures;
        Amplitude = options.ScaleRandomFeatures ? Math.Sqrt(2.0 / count) : 1;
        OutputWeight = outputWeight;
        using (var scope = NewDisposeScope())
        {
            _scaledWeight = Initial.Gaussian(random, [units, count], outputWeight.device)
                .div(Math.Sqrt(kernelScale)).MoveToOuterDisposeScope();
        }
        Bias = Initial.Uniform(random, [count], 2 * Math.PI, outputWeight.device);
    }

    /// <summary>a.</summary>
    public double Amplitude { get; }

    /// <summary>W/√s, shape [H, M].</summary>
    public Tensor ScaledWeight => _scaledWeight;

    /// <summary>b, shape [M], in radians.</summary>
    public Tensor Bias { get; }

    /// <summary>β, shape [M, K].</summary>
    public Tensor OutputWeight { get; }

    /// <summary>φ, shape [B, M], for hidden vectors of shape [B, H].</summary>
    public Tensor Features(Tensor hidden) => addmm(Bias, hidden, _scaledWeight, 1, 1).cos().mul(Amplitude);

    /// <summary>The logits, shape [B, K], for random features of shape [B, M].</summary>
    public Tensor Logits(Tensor features) => features.mm(OutputWeight);
}
