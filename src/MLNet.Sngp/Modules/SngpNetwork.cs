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
    /// <param name="chooseKernelScale">
    /// Gives s, once all but the random features is made; is told how rows of features become the vectors whose
    /// distances the kernel takes.
    /// </param>
    public SngpNetwork(NetworkShape shape, SngpTrainer.Options options, int seed, Device device, Func<Func<Tensor, Tensor>, double> chooseKernelScale)
        : this(shape, options, seed, device, chooseKernelScale, new SeededRandom(seed, RandomPurpose.NetworkWeights))
    {
    }

    private SngpNetwork(NetworkShape shape, SngpTrainer.Options options, int seed, Device device, Func<Func<Tensor, Tensor>, double> chooseKernelScale, SeededRandom random)
        : base(shape, OutputShapes(shape, options), random, device)
    {
        _outputWeightDecay = options.OutputWeightDecay;
        SpectralNormalization = new SpectralNormalization(Residual.StackedWeights, options.SpectralNormBound, options.NumberOfPowerIterations, random);
        // Distances are to be measured in the network that is trained, whose weights obey the bound.
        SpectralNormalization.Apply(InitialPowerIterations);
        var outputWeight = Parameters[FirstOutputParameter];
        Initialize(outputWeight.t(), random);
        if (options.NormalizeGpInput)
            InputNormalization = new LayerNormalization(Parameters[FirstOutputParameter + 1], Parameters[FirstOutputParameter + 2]);
        KernelScale = chooseKernelScale(features => GaussianProcessInput(features, masks: null));
        GaussianProcess = new RandomFeatureGaussianProcess(
            shape.NumberOfHiddenUnits, options, KernelScale, outputWeight, new SeededRandom(seed, RandomPurpose.RandomFeatures));
    }

    public SpectralNormalization SpectralNormalization { get; }

    /// <summary>The layer normalisation of the hidden vectors; null without it.</summary>
    public LayerNormalization? InputNormalization { get; }

    public RandomFeatureGaussianProcess GaussianProcess { get; }

    /// <summary>s, as given or as chosen from the data.</summary>
    public double KernelScale { get; }

    /// <summary>
    /// Is given φ, shape [B, M], the logits, shape [B, K], and the example weights of each training step, as the step computed them;
    /// null when nobody watches.
    /// </summary>
    public Action<Tensor, Tensor, Tensor?>? StepObserver { get; set; }

    public override void BeforeStep() => SpectralNormalization.Apply();

    public override void AfterForward(OutputStep output, Tensor logits, Tensor? weights) =>
        StepObserver?.Invoke(((GaussianProcessStep)output).Features(), logits, weights);

    /// <summary>The hidden vectors as the Gaussian process takes them, shape [B, H].</summary>
    public Tensor GaussianProcessInput(Tensor features, Tensor? masks)
    {
        var hidden = Residual.Forward(features, masks);
        return InputNormalization is null ? hidden : InputNormalization.Forward(hidden);
    }

    /// <summary>φ of rows of features, shape [B, M].</summary>
    public Tensor RandomFeatures(Tensor features, Tensor? masks = null) =>
        GaussianProcess.Features(GaussianProcessInput(features, masks));

    public override Tensor Logits(Tensor features, Tensor? masks) => GaussianProcess.Logits(RandomFeatures(features, masks));

    protected override OutputStep CreateOutputStep(StepBuffers buffers)
    {
        var normalization = InputNormalization is null
            ? null
            : new LayerNormalizationStep(InputNormalization, Parameters.Gradient(FirstOutputParameter + 1), Parameters.Gradient(FirstOutputParameter + 2), buffers);
        return new GaussianProcessStep(GaussianProcess, normalization, _outputWeightDecay, Parameters.Gradient(FirstOutputParameter), buffers);
    }

    private static long[][] OutputShapes(NetworkShape shape, SngpTrainer.Options options)
    {
        long[] outputWeight = [shape.NumberOfClasses, RandomFeatureGaussianProcess.CountFeatures(shape.NumberOfHiddenUnits, options)];
        long[] perUnit = [shape.NumberOfHiddenUnits];
        return options.NormalizeGpInput ? [outputWeight, perUnit, perUnit] : [outputWeight];
    }
}
