using MLNet.Sngp.Modules;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Modules;

/// <summary>The written-out gradients against libtorch's automatic differentiation of the network's definition.</summary>
[TestClass]
public class NetworkStepTests
{
    private const int Rows = 7;
    private const int Capacity = 9;
    private const int Layers = 3;
    private const int Units = 6;
    private const double Decay = 0.01;
    private static readonly NetworkShape Shape = new(4, Layers, Units, 3);

    [TestMethod]
    [DataRow(false, false)]
    [DataRow(true, false)]
    [DataRow(false, true)]
    [DataRow(true, true)]
    public void AGaussianProcessHasTheGradientsOfItsDefinition(bool dropout, bool weights)
    {
        using var scope = NewDisposeScope();
        Check(Sngp(new SngpTrainer.Options()), dropout, weights, Decay);
    }

    [TestMethod]
    [DataRow(true, GaussianProcessKernel.Gaussian, 0.0, true)]
    [DataRow(true, GaussianProcessKernel.Linear, 0.0, true)]
    [DataRow(false, GaussianProcessKernel.Linear, 1.5, true)]
    [DataRow(false, GaussianProcessKernel.Gaussian, 1.5, false)]
    public void SoHasEachFormOfTheLayer(bool normalize, GaussianProcessKernel kernel, double bias, bool scale)
    {
        using var scope = NewDisposeScope();
        Check(Sngp(new SngpTrainer.Options { NormalizeGpInput = normalize, Kernel = kernel, OutputBias = bias, ScaleRandomFeatures = scale }), dropout: true, weights: true, Decay);
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void ADenseNetworkHasTheGradientsOfItsDefinition(bool dropout)
    {
        using var scope = NewDisposeScope();
        Check(new DenseNetwork(Shape, 1, CPU), dropout, weights: true, decay: 0);
    }

    [TestMethod]
    public void ProjectedRowsGiveTheSameGradients()
    {
        using var scope = NewDisposeScope();
        var (features, labels, _, _) = Batch();
        Tensor Gradients(bool projected)
        {
            var network = Sngp(new SngpTrainer.Options());
            network.Residual.TakesProjectedRows = projected;
            _ = network.CreateStep(Rows, new StepBuffers(Rows, CPU)).Run(projected ? network.Residual.Project(features) : features, labels, null, null, null);
            return network.Parameters.Gradients;
        }
        Assert.IsTrue(allclose(Gradients(false), Gradients(true), rtol: 0, atol: 1e-6));
    }

    /// <summary>Two rounds on shared buffers, so that what a step leaves behind would show in the next.</summary>
    private static void Check(Network network, bool dropout, bool weights, double decay)
    {
        var (features, labels, someWeights, masks) = Batch();
        var buffers = new StepBuffers(Capacity, CPU);
        var other = network.CreateStep(Capacity, buffers);
        var step = network.CreateStep(Rows, buffers);
        for (var round = 0; round < 2; round++)
        {
            _ = other.Run(ones(Capacity, 4), zeros(Capacity, dtype: ScalarType.Int64), null, null, null);
            var loss = step.Run(features, labels, weights ? someWeights : null, dropout ? [.. Enumerable.Range(0, Layers).Select(layer => masks[layer])] : null, null);
            AssertIsGradient(network, loss, features, labels, weights ? someWeights : ones(Rows), dropout ? masks : null, decay);
        }
    }

    private static void AssertIsGradient(Network network, double loss, Tensor features, Tensor labels, Tensor weights, Tensor? masks, double decay)
    {
        var parameters = Enumerable.Range(0, 2 * Layers + (network is DenseNetwork ? 2 : ((SngpNetwork)network).InputNormalization is null ? 1 : 3)).Select(i => network.Parameters[i].requires_grad_()).ToArray();
        using (enable_grad())
        {
            var expected = nn.functional.cross_entropy(network.Logits(features, masks), labels, reduction: nn.Reduction.None).mul(weights).mean();
            if (network is SngpNetwork sngp)
                expected = expected.add(sngp.GaussianProcess.OutputWeight.square().sum().mul(decay));
            expected.backward();
            Assert.AreEqual(expected.item<float>(), loss, 1e-5);
        }
        for (var i = 0; i < parameters.Length; i++)
        {
            Assert.IsTrue(allclose(parameters[i].grad!, network.Parameters.Gradient(i), rtol: 1e-4, atol: 1e-6), $"gradient of parameter {i}");
            parameters[i].grad!.zero_();
            parameters[i].requires_grad_(false);
        }
    }

    private static SngpNetwork Sngp(SngpTrainer.Options options)
    {
        (options.NumberOfRandomFeatures, options.OutputWeightDecay) = (20, Decay);
        return new SngpNetwork(Shape, options, 1, CPU, _ => 2);
    }

    private static (Tensor Features, Tensor Labels, Tensor Weights, Tensor Masks) Batch()
    {
        var random = new SeededRandom(3, RandomPurpose.RowOrder);
        float[] Draw(int count, Func<double> next) => [.. Enumerable.Range(0, count).Select(_ => (float)next())];
        return (
            tensor(Draw(Rows * 4, random.NextGaussian), [Rows, 4]),
            tensor(Enumerable.Range(0, Rows).Select(row => (long)(row % 3)).ToArray()),
            tensor(Draw(Rows, () => 2 * random.NextDouble())),
            tensor(Draw(Layers * Rows * Units, () => random.NextDouble() < 0.3 ? 0 : 1.5), [Layers, Rows, Units]));
    }
}
