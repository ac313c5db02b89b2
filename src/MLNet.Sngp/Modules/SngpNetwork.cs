using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Modules;

/// <summary>The residual network with spectral normalisation and a random-feature Gaussian process as its output layer.</summary>
internal sealed class SngpNetwork : Network
{
    private const int InitialPowerIterations = 50;
    private readonly double _outputWeightDecay;

    /// <param name="shape">The sizes.</param>
    /// <param name="options">The trainer's options.</param>
    /// <param name="seed">Fixes all initial weights.</param>
    /// <param name="device">Where the tensors live.</param>
    /// <param name="chooseKernelScale">Gives s, once the residual network has its initial weights.</param>
    public SngpNetwork(NetworkShape shape, SngpTrainer.Options options, int seed, Device device, Func<ResidualNetwork, double> chooseKernelScale)
        : this(shape, options, seed, device, chooseKernelScale, new SeededRandom(seed, RandomPurpose.NetworkWeights))
    {
    }

    private SngpNetwork(NetworkShape shape, SngpTrainer.Options options, int seed, Device device, Func<ResidualNetwork, double> chooseKernelScale, SeededRandom random)
        : base(shape, [[options.NumberOfRandomFeatures, shape.NumberOfClasses]], random, device)
    {
        _outputWeightDecay = options.OutputWeightDecay;
        SpectralNormalization = new SpectralNormalization(Residual.StackedWeights, options.SpectralNormBound, options.NumberOfPowerIterations, random);
        // Distances are to be measured in the network that is trained, whose weights obey the bound.
        SpectralNormalization.Apply(InitialPowerIterations);
        var outputWeight = Parameters[FirstOutputParameter];
        Initialize(outputWeight, random);
        KernelScale = chooseKernelScale(Residual);
        GaussianProcess = new RandomFeatureGaussianProcess(
            shape.NumberOfHiddenUnits, options, KernelScale, outputWeight, new SeededRandom(seed, RandomPurpose.RandomFeatures));
    }

    public SpectralNormalization SpectralNormalization { get; }

    public RandomFeatureGaussianProcess GaussianProcess { get; }

    /// <summary>s, as given or as chosen from the data.</summary>
    public double KernelScale { get; }

    public override void BeforeStep() => SpectralNormalization.Apply();

    /// <summary>φ of rows of features, shape [B, M].</summary>
    public Tensor RandomFeatures(Tensor features, Tensor? masks = null) =>
        GaussianProcess.Features(Residual.Forward(features, masks));

    public override Tensor Logits(Tensor features, Tensor? masks) => GaussianProcess.Logits(RandomFeatures(features, masks));

    public override Tensor? Penalty() =>
        _outputWeightDecay == 0 ? null : GaussianProcess.OutputWeight.square().sum().mul(_outputWeightDecay);
}
