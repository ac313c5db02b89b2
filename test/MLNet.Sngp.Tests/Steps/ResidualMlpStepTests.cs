using MLNet.Sngp.Layers;
using MLNet.Sngp.Steps;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Steps;

/// <summary>The written-out gradients against libtorch's automatic differentiation of the same network.</summary>
[TestClass]
public class ResidualMlpStepTests
{
    private const int Rows = 7;
    private const int Capacity = 9;

    [TestMethod]
    [DataRow(0.0, false)]
    [DataRow(0.4, false)]
    [DataRow(0.0, true)]
    [DataRow(0.4, true)]
    public void ItsGradientsAreThoseOfTheDefinition(double dropoutRate, bool weights)
    {
        using var scope = NewDisposeScope();
        Check(new SngpOptions(), dropoutRate, weights);
    }

    [TestMethod]
    [DataRow(GaussianProcessKernel.Linear, 0.0, true, 3)]
    [DataRow(GaussianProcessKernel.Linear, 1.5, true, 2)]
    [DataRow(GaussianProcessKernel.Gaussian, 1.5, false, 3)]
    [DataRow(GaussianProcessKernel.Gaussian, 0.0, true, 2)]
    public void SoAreThoseOfEachFormOfTheLayer(GaussianProcessKernel kernel, double bias, bool scale, int classes)
    {
        using var scope = NewDisposeScope();
        Check(new SngpOptions { GaussianProcess = { Kernel = kernel, OutputBias = bias, ScaleRandomFeatures = scale } }, dropoutRate: 0.4,
            weights: true, classes);
    }

    [TestMethod]
    [DataRow(GpInputNormalization.None, GaussianProcessKernel.Gaussian)]
    [DataRow(GpInputNormalization.LayerNorm, GaussianProcessKernel.Gaussian)]
    [DataRow(GpInputNormalization.LayerNorm, GaussianProcessKernel.Linear)]
    [DataRow(GpInputNormalization.DirectionAndLength, GaussianProcessKernel.Linear)]
    public void SoAreThoseOfEachNormalization(GpInputNormalization normalization, GaussianProcessKernel kernel)
    {
        using var scope = NewDisposeScope();
        Check(new SngpOptions { GaussianProcess = { NormalizeGpInput = normalization, Kernel = kernel } }, dropoutRate: 0.4, weights: true);
    }

    [TestMethod]
    public void OtherNetworksAreDifferentiatedByLibtorch()
    {
        using var scope = NewDisposeScope();
        var options = new SngpOptions { Backbone = Backbone.Custom(_ => nn.Linear(4, 6)) };
        var network =
            MLNet.Sngp.Training.Network.Create(options, MLNet.Sngp.Likelihoods.Categorical.Instance, new long[] { 4 }, 3, 1, CPU, _ => 1);
        Assert.IsNull(ResidualMlpStep.TryCreate(network, Rows));
        Assert.IsInstanceOfType<AutogradStep>(TrainingStep.Create(network, Rows));
    }

    [TestMethod]
    [DataRow(0.0)]
    [DataRow(0.4)]
    public void SoAreThoseOfADenseLayer(double dropoutRate)
    {
        using var scope = NewDisposeScope();
        Check(new SngpOptions { Head = NetworkHead.Dense }, dropoutRate, weights: true);
    }

    [TestMethod]
    [DataRow(NetworkHead.GaussianProcess, false)]
    [DataRow(NetworkHead.GaussianProcess, true)]
    [DataRow(NetworkHead.Dense, true)]
    public void SoAreThoseOfASquaredError(NetworkHead head, bool weights)
    {
        using var scope = NewDisposeScope();
        Check(new SngpOptions { Head = head }, dropoutRate: 0.4, weights, classes: 1, MLNet.Sngp.Likelihoods.Gaussian.Instance);
    }

    [TestMethod]
    public void ProjectedRowsGiveTheSameGradients()
    {
        using var scope = NewDisposeScope();
        var (features, labels, _) = Batch(3);
        Tensor Gradients(bool started)
        {
            var network = Network(new SngpOptions(), 0.1, 3);
            network.RestartDropout(new SeededRandom(1, RandomPurpose.Dropout));
            network.Mlp().IsStarted = started;
            _ = ResidualMlpStep.TryCreate(network, Rows)!.Run(started ? network.Mlp().Start(features) : features, labels, null);
            return network.Parameters.Gradients;
        }
        Assert.IsTrue(allclose(Gradients(false), Gradients(true), rtol: 0, atol: 1e-6));
    }

    /// <summary>Two rounds on shared buffers, so that what a step leaves behind would show in the next.</summary>
    private static void Check(SngpOptions options, double dropoutRate, bool weights, int classes = 3,
        MLNet.Sngp.Likelihoods.Likelihood? likelihood = null)
    {
        var (features, labels, someWeights) = Batch(classes);
        var (network, reference) = (Network(options, dropoutRate, classes, likelihood), Network(options, dropoutRate, classes, likelihood));
        if (likelihood is not null)
            labels = labels.add(features.select(1, 0));
        var (step, definition) = (ResidualMlpStep.TryCreate(network, Capacity)!, new AutogradStep(reference));
        for (var round = 0; round < 2; round++)
        {
            // The same masks for both, and weights that obey their bound already.
            network.RestartDropout(new SeededRandom(round, RandomPurpose.Dropout));
            _ = step.Run(ones(Capacity, 4), zeros(Capacity), null);
            network.RestartDropout(new SeededRandom(9, RandomPurpose.Dropout));
            reference.RestartDropout(new SeededRandom(9, RandomPurpose.Dropout));
            var loss = step.Run(features, labels, weights ? someWeights : null);
            Assert.AreEqual(definition.Run(features, labels, weights ? someWeights : null), loss, 1e-5);
            Assert.IsTrue(allclose(reference.Parameters.Gradients, network.Parameters.Gradients, rtol: 1e-4, atol: 1e-6));
            Assert.IsGreaterThan(
                0f, network.Parameters.Gradients.abs().min().item<float>() + network.Parameters.Gradients.abs().max().item<float>());
        }
    }

    private static Network Network(
        SngpOptions options, double dropoutRate, int classes, MLNet.Sngp.Likelihoods.Likelihood? likelihood = null)
    {
        options.Backbone = new ResidualMlp { DropoutRate = dropoutRate, SpectralNormBound = 5 };
        (options.GaussianProcess.NumberOfRandomFeatures, options.GaussianProcess.OutputWeightDecay) = (20, 0.01);
        return TestNetwork.Create(4, 3, 6, classes, options, 1, _ => 2, likelihood);
    }

    private static (Tensor Features, Tensor Labels, Tensor Weights) Batch(int classes)
    {
        var random = new SeededRandom(3, RandomPurpose.RowOrder);
        float[] Draw(int count, Func<double> next) => [.. Enumerable.Range(0, count).Select(_ => (float)next())];
        return (
            tensor(Draw(Rows * 4, random.NextGaussian), [Rows, 4]),
            tensor(Enumerable.Range(0, Rows).Select(row => (float)(row % classes)).ToArray()),
            tensor(Draw(Rows, () => 2 * random.NextDouble())));
    }
}
