using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Training;

/// <summary>Nesterov's momentum against torch's own optimiser, and the L2 penalty against its derivative.</summary>
[TestClass]
public class NesterovMomentumTests
{
    [TestMethod]
    public void ItTakesTheStepsOfTorchsOptimiser()
    {
        using var scope = NewDisposeScope();
        var ours = nn.Parameter(tensor([1f, -2f, 3f]));
        var torchs = nn.Parameter(tensor([1f, -2f, 3f]));
        var store = new ParameterStore([ours], CPU);
        var optimizer = new NesterovMomentum(store, learningRate: 0.1);
        using var reference = optim.SGD([torchs], learningRate: 0.1, momentum: 0.9, nesterov: true);
        for (var step = 0; step < 5; step++)
        {
            // Of Σ w⁴/4.
            store.Gradients.copy_(store.Values.pow(3));
            optimizer.Update();
            torchs.grad = torchs.detach().pow(3);
            reference.step();
            CollectionAssert.AreEqual(
                torchs.data<float>().ToArray(), store.Values.data<float>().ToArray(), new Near(1e-6), $"step {step + 1}");
        }
        Assert.AreEqual(5, optimizer.Step);
    }

    [TestMethod]
    public void AShareOfTheRateIsASmallerRate()
    {
        using var scope = NewDisposeScope();
        float[] Step(double rate, double share)
        {
            var store = new ParameterStore([nn.Parameter(tensor([1f, -2f]))], CPU);
            store.Gradients.copy_(tensor([3f, 5f]));
            new NesterovMomentum(store, rate).Update(share);
            return store.Values.data<float>().ToArray();
        }

        // v = −0.02·g; w + 0.9·v + v.
        CollectionAssert.AreEqual(new[] { 1 - (0.038f * 3), -2 - (0.038f * 5) }, Step(0.1, 0.2), new Near(1e-6));
        CollectionAssert.AreEqual(Step(0.02, 1), Step(0.1, 0.2), new Near(1e-7));
    }

    [TestMethod]
    public void TheL2PenaltyIsInTheLossAndInTheBackbonesGradients()
    {
        using var scope = NewDisposeScope();
        var options = new SngpOptions();
        using var network = TestNetwork.Create(features: 3, layers: 1, units: 4, classes: 2, options);
        network.Parameters.Gradients.fill_(HeldScalars.One);
        var penalty = network.Decay(0.25);
        var backbone = network.Backbone.parameters().Where(parameter => parameter.requires_grad).ToList();
        Assert.AreEqual(0.25 * backbone.Sum(parameter => parameter.square().sum().item<float>()), penalty, 1e-5);
        foreach (var parameter in backbone)
        {
            CollectionAssert.AreEqual(parameter.data<float>().Select(value => 1 + (0.5f * value)).ToArray(),
                network.Parameters.Gradient(parameter).data<float>().ToArray(), new Near(1e-6));
        }
        foreach (var parameter in network.Head.parameters().Where(parameter => parameter.requires_grad))
            Assert.IsTrue(network.Parameters.Gradient(parameter).data<float>().All(gradient => gradient == 1));
    }

    private sealed class Near(double tolerance) : System.Collections.IComparer
    {
        public int Compare(object? x, object? y) => Math.Abs((float)x! - (float)y!) <= tolerance ? 0 : 1;
    }
}
