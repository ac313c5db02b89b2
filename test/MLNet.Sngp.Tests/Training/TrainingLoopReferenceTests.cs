using System.Text.Json;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Tests.Reference;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Training;

/// <summary>Three training steps and a prediction, number by number, against an independent program.</summary>
[TestClass]
public class TrainingLoopReferenceTests
{
    private const double Tolerance = 1e-5;

    [TestMethod]
    public void EachStepGivesTheReferencesLossGradientsAndState()
    {
        using var scope = NewDisposeScope();
        var network = ReferenceSteps.InitialNetwork();
        var loop = new TrainingLoop(network, ReferenceSteps.Options.Training, seed: 1);
        var number = 0;
        foreach (var step in ReferenceSteps.Root.GetProperty("steps").EnumerateArray())
        {
            var (x, y) = Batch(number++);
            var loss = loop.Step(x, y, weights: null);
            Assert.AreEqual(step.GetProperty("loss").GetDouble(), loss, Tolerance, $"loss of step {number}");
            ReferenceSteps.AssertClose(
                step.GetProperty("sigma_before_bound"), network.Mlp().SingularValues, Tolerance, $"σ of step {number}");
            AssertGradients(step.GetProperty("grads"), network, number);
            AssertState(step.GetProperty("after_step"), network, number);
        }
        Assert.AreEqual(3, number);
    }

    [TestMethod]
    public void BoundingGivesTheReferencesWeights()
    {
        using var scope = NewDisposeScope();
        var network = ReferenceSteps.InitialNetwork();
        network.Mlp().BeginStep();
        AssertState(ReferenceSteps.Root.GetProperty("steps")[0].GetProperty("after_bound"), network, 1);
    }

    [TestMethod]
    public void ThePredictionIsTheReferences()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var network = ReferenceSteps.InitialNetwork();
        var loop = new TrainingLoop(network, ReferenceSteps.Options.Training, seed: 1);
        var posterior = new LaplacePosterior(ReferenceSteps.NumberOfRandomFeatures, 1, CPU);
        for (var number = 0; number < 3; number++)
        {
            var (x, y) = Batch(number);
            network.Mlp().BeginStep();
            posterior.Add(network.RandomFeatures(x), weights: null);
            ReferenceSteps.AssertClose(ReferenceSteps.Root.GetProperty("steps")[number].GetProperty("precision"), posterior.Precision,
                Tolerance, $"precision of step {number + 1}");
            RestoreBeforeBound(network, number);
            loop.Step(x, y, weights: null);
        }
        var expected = ReferenceSteps.Root.GetProperty("prediction");
        var features = network.RandomFeatures(ReferenceSteps.Floats(expected.GetProperty("x")));
        ReferenceSteps.AssertClose(expected.GetProperty("phi"), features, Tolerance, "random features");
        ReferenceSteps.AssertClose(
            expected.GetProperty("logits"), network.Logits(ReferenceSteps.Floats(expected.GetProperty("x"))), Tolerance, "logits");
        var deviations = features.to(ScalarType.Float64).mm(posterior.VarianceFactor(out _));
        ReferenceSteps.AssertClose(expected.GetProperty("covariance"), deviations.mm(deviations.t()), Tolerance, "covariance");
    }

    // The loop bounds the weights itself: the state before that comes back from the reference.
    private static void RestoreBeforeBound(Network network, int step)
    {
        var before = step == 0
            ? ReferenceSteps.Root.GetProperty("initial")
            : ReferenceSteps.Root.GetProperty("steps")[step - 1].GetProperty("after_step");
        for (var layer = 0; layer < ReferenceSteps.Depth; layer++)
        {
            var block = before.GetProperty($"block{layer}");
            network.Mlp().Weight(layer).copy_(ReferenceSteps.Doubles(block.GetProperty("w")));
            network.Mlp().Buffer("spectral_right")[layer, 0].copy_(ReferenceSteps.Doubles(block.GetProperty("u")));
        }
    }

    private static (Tensor X, Tensor Y) Batch(int number) => (
        ReferenceSteps.Floats(ReferenceSteps.Root.GetProperty("x")).narrow(0, number * ReferenceSteps.BatchSize, ReferenceSteps.BatchSize),
        ReferenceSteps.Labels(ReferenceSteps.Root.GetProperty("y")).narrow(0, number * ReferenceSteps.BatchSize, ReferenceSteps.BatchSize));

    private static void AssertGradients(JsonElement expected, Network network, int step)
    {
        for (var layer = 0; layer < ReferenceSteps.Depth; layer++)
        {
            var block = expected.GetProperty($"block{layer}");
            ReferenceSteps.AssertClose(block.GetProperty("w"), network.Parameters.Gradient(network.Mlp().Weights)[layer], Tolerance,
                $"gradient of weight {layer}, step {step}");
            ReferenceSteps.AssertClose(block.GetProperty("b"), network.Parameters.Gradient(network.Mlp().Biases)[layer], Tolerance,
                $"gradient of bias {layer}, step {step}");
        }
        ReferenceSteps.AssertClose(expected.GetProperty("beta"), network.Parameters.Gradient(network.Process().TransposedOutputWeight).t(),
            Tolerance, $"gradient of β, step {step}");
    }

    private static void AssertState(JsonElement expected, Network network, int step)
    {
        for (var layer = 0; layer < ReferenceSteps.Depth; layer++)
        {
            var block = expected.GetProperty($"block{layer}");
            ReferenceSteps.AssertClose(block.GetProperty("w"), network.Mlp().Weight(layer), Tolerance, $"weight {layer}, step {step}");
            ReferenceSteps.AssertClose(block.GetProperty("b"), network.Mlp().Bias(layer), Tolerance, $"bias {layer}, step {step}");
            ReferenceSteps.AssertClose(
                block.GetProperty("u"), network.Mlp().Buffer("spectral_right")[layer, 0], Tolerance, $"u {layer}, step {step}");
            ReferenceSteps.AssertClose(
                block.GetProperty("v"), network.Mlp().Buffer("spectral_left")[layer, 0], Tolerance, $"v {layer}, step {step}");
        }
        ReferenceSteps.AssertClose(expected.GetProperty("beta"), network.Process().OutputWeight, Tolerance, $"β, step {step}");
        ReferenceSteps.AssertClose(expected.GetProperty("project_w"), network.Mlp().Projection, 1e-7, "the projection is frozen");
        ReferenceSteps.AssertClose(
            expected.GetProperty("rff_w"), network.Process().Map.ScaledWeight, 1e-7, "the random features are frozen");
    }
}
