using MLNet.Sngp.Export;
using MLNet.Sngp.Modules;
using MLNet.Sngp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Export;

/// <summary>The graphs of the deterministic network and of Monte Carlo dropout against the TorchSharp modules.</summary>
[TestClass]
public class DenseGraphTests
{
    private const int NumberOfPasses = 6;
    private static readonly NetworkShape Shape = new(5, 3, 24, 3);

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(1000)]
    public void TheDeterministicGraphEqualsTheModules(int rows)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var network = new DenseNetwork(Shape, 3, CPU);
        var input = Input(rows);
        var logits = network.Logits(input, masks: null);
        var probabilities = logits.to(ScalarType.Float64).softmax(1);
        using var graph = new GraphRun(DenseGraph.Build(network, "Features"));
        var actual = graph.Run(input);
        GraphRun.AssertClose(logits, actual["Logits"], 1e-5);
        GraphRun.AssertClose(probabilities, actual["Score"], 1e-6);
        GraphRun.AssertClose((probabilities * probabilities.log()).sum(1).neg().div(Math.Log(3)), actual["Uncertainty"], 1e-5);
        Assert.IsTrue(actual["Variance"].All(variance => variance == 0));
        CollectionAssert.AreEqual(logits.argmax(1).add(1).data<long>().ToArray(), actual["PredictedLabel"].Select(key => (long)key).ToArray());
        GraphRun.AssertClose(logits.div(0.5).softmax(1), graph.Run(input, ("Temperature", 0.5f))["Score"], 1e-6);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(1000)]
    public void MonteCarloDropoutAveragesTheThinnedNetworks(int rows)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var network = new DenseNetwork(Shape, 3, CPU);
        var masks = MonteCarloDropoutTrainer.Masks(new MonteCarloDropoutTrainer.Options { NumberOfPasses = NumberOfPasses, DropoutRate = 0.4 }, Shape, seed: 4);
        var input = Input(rows);
        // The same masks, one pass after the other, fed to the network as in training.
        var logits = stack(Enumerable.Range(0, NumberOfPasses)
            .Select(pass => network.Logits(input, masks.select(1, pass).unsqueeze(1).expand(3, rows, 24))).ToArray());
        using var graph = new GraphRun(DenseGraph.Build(network, masks, "Features"));
        AssertAverage(logits, temperature: 1, graph.Run(input));
        AssertAverage(logits, temperature: 2, graph.Run(input, ("Temperature", 2f)));
    }

    [TestMethod]
    public void EachPassHasItsOwnMasksAndTheSeedDecidesThem()
    {
        using var scope = NewDisposeScope();
        var options = new MonteCarloDropoutTrainer.Options { NumberOfPasses = NumberOfPasses, DropoutRate = 0.4 };
        var masks = MonteCarloDropoutTrainer.Masks(options, Shape, seed: 4).clone();
        CollectionAssert.AreEqual(new long[] { 3, NumberOfPasses, 24 }, masks.shape);
        for (var pass = 1; pass < NumberOfPasses; pass++)
            Assert.IsFalse(allclose(masks.select(1, 0), masks.select(1, pass)));
        Assert.IsTrue(allclose(masks, MonteCarloDropoutTrainer.Masks(options, Shape, seed: 4)));
        Assert.IsFalse(allclose(masks, MonteCarloDropoutTrainer.Masks(options, Shape, seed: 5)));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void ARowThatHoldsNoNumberHasNoLabel(bool dropout)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var network = new DenseNetwork(Shape, 3, CPU);
        var masks = MonteCarloDropoutTrainer.Masks(new MonteCarloDropoutTrainer.Options(), Shape, seed: 4);
        using var graph = new GraphRun(dropout ? DenseGraph.Build(network, masks, "Features") : DenseGraph.Build(network, "Features"));
        var input = ones(3, 5);
        input[1, 2] = tensor(float.NaN);
        var actual = graph.Run(input);
        Assert.AreEqual(0f, actual["PredictedLabel"][1]);
        Assert.AreNotEqual(0f, actual["PredictedLabel"][0]);
        Assert.AreEqual(actual["PredictedLabel"][0], actual["PredictedLabel"][2]);
        Assert.IsTrue(float.IsNaN(actual["Score"][3]) && float.IsNaN(actual["Variance"][1]));
    }

    /// <summary>What the averages of members must be, from their logits of shape [M, N, K].</summary>
    internal static void AssertAverage(Tensor logits, double temperature, Dictionary<string, float[]> actual)
    {
        var probabilities = logits.to(ScalarType.Float64).div(temperature).softmax(2);
        var score = probabilities.mean([0]);
        GraphRun.AssertClose(logits.mean([0]), actual["Logits"], 1e-5);
        GraphRun.AssertClose(score, actual["Score"], 1e-6);
        GraphRun.AssertClose((probabilities - score).square().mean([0]).mean([1]), actual["Variance"], 1e-6);
        GraphRun.AssertClose((score * score.log()).sum(1).neg().div(Math.Log(score.shape[1])), actual["Uncertainty"], 1e-5);
        CollectionAssert.AreEqual(score.argmax(1).add(1).data<long>().ToArray(), actual["PredictedLabel"].Select(key => (long)key).ToArray());
    }

    internal static Tensor Input(int rows) => Initial.Gaussian(new SeededRandom(9, RandomPurpose.NetworkWeights), [rows, 5], CPU).mul(2);
}
