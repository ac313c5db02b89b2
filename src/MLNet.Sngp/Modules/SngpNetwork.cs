using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Modules;

/// <summary>The residual network with spectral normalisation and a random-feature Gaussian process as its output layer.</summary>
/// <remarks>All tensors belong to the dispose scope in which the network was made. Not thread-safe.</remarks>
internal sealed class SngpNetwork
{
    /// <param name="shape">The sizes.</param>
    /// <param name="options">The trainer's options.</param>
    /// <param name="seed">Fixes all initial weights.</param>
    /// <param name="device">Where the tensors live.</param>
    /// <param name="chooseKernelScale">Gives s, once the residual network has its initial weights.</param>
    public SngpNetwork(NetworkShape shape, SngpTrainer.Options options, int seed, Device device, Func<ResidualNetwork, double> chooseKernelScale)
    {
        var random = new SeededRandom(seed, RandomPurpose.NetworkWeights);
        long[] outputShape = [options.NumberOfRandomFeatures, shape.NumberOfClasses];
        Parameters = new ParameterStore(device, [.. ResidualNetwork.ParameterShapes(shape), outputShape]);
        Residual = new ResidualNetwork(shape, Parameters, random);
        SpectralNormalization = new SpectralNormalization(Residual.StackedWeights, options.SpectralNormBound, options.NumberOfPowerIterations, random);
        var outputWeight = Parameters[2 * shape.NumberOfHiddenLayers];
        using (var scope = NewDisposeScope())
        using (no_grad())
            outputWeight.copy_(Initial.GlorotUniform(random, outputShape[0], outputShape[1], device));
        KernelScale = chooseKernelScale(Residual);
        GaussianProcess = new RandomFeatureGaussianProcess(
            shape.NumberOfHiddenUnits, options, KernelScale, outputWeight, new SeededRandom(seed, RandomPurpose.RandomFeatures));
    }

    /// <summary>Everything that the optimiser changes.</summary>
    public ParameterStore Parameters { get; }

    public ResidualNetwork Residual { get; }

    public SpectralNormalization SpectralNormalization { get; }

    public RandomFeatureGaussianProcess GaussianProcess { get; }

    /// <summary>s, as given or as chosen from the data.</summary>
    public double KernelScale { get; }

    /// <summary>φ of rows of features, shape [B, M].</summary>
    public Tensor RandomFeatures(Tensor features, Tensor? masks = null) =>
        GaussianProcess.Features(Residual.Forward(features, masks));

    /// <summary>The logits of rows of features, shape [B, K].</summary>
    public Tensor Logits(Tensor features, Tensor? masks = null) =>
        GaussianProcess.Logits(RandomFeatures(features, masks));
}
