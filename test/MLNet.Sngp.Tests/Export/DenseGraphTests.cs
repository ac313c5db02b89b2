using MLNet.Sngp.Export;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Export;

/// <summary>The graphs of the deterministic network and of Monte Carlo dropout against the TorchSharp modules.</summary>
[TestClass]
public class DenseGraphTests
{
    private const int NumberOfPasses = 6;
    private const int Features = 5;

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(1000)]
    public void TheDeterministicGraphEqualsTheModules(int rows)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var options = SngpOptions.Deterministic();
        var network = Network(options);
        var input = Input(rows);
        var logits = network.Logits(input);
        var probabilities = logits.to(ScalarType.Float64).softmax(1);
        using var graph = new GraphRun(network.Graph(options, Features, 3));
        var actual = graph.Run(input);
        GraphRun.AssertClose(logits, actual["Logits"], 1e-5);
        GraphRun.AssertClose(probabilities, actual["Score"], 1e-6);
        GraphRun.AssertClose((probabilities * probabilities.log()).sum(1).neg().div(Math.Log(3)), actual["Uncertainty"], 1e-5);
        Assert.IsFalse(actual.ContainsKey("Variance"), "A network without a posterior knows no variance.");
        CollectionAssert.AreEqual(
            logits.argmax(1).add(1).data<long>().ToArray(), actual["PredictedLabel"].Select(key => (long)key).ToArray());
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
        var options = Thinned();
        var network = Network(options);
        var input = Input(rows);
        var logits = stack(Enumerable.Range(0, NumberOfPasses).Select(pass => ThinnedLogits(network, input, seed: 4, pass)).ToArray());
        using var graph = new GraphRun(network.Graph(options, Features, 3, seed: 4));
        AssertAverage(logits, temperature: 1, graph.Run(input));
        AssertAverage(logits, temperature: 2, graph.Run(input, ("Temperature", 2f)));
    }

    [TestMethod]
    public void EachPassHasItsOwnMasksAndTheSeedDecidesThem()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var network = Network(Thinned());
        var first = ThinnedLogits(network, Input(20), seed: 4, pass: 0);
        for (var pass = 1; pass < NumberOfPasses; pass++)
            Assert.IsFalse(allclose(first, ThinnedLogits(network, Input(20), seed: 4, pass)));
        Assert.IsTrue(allclose(first, ThinnedLogits(network, Input(20), seed: 4, pass: 0)));
        Assert.IsFalse(allclose(first, ThinnedLogits(network, Input(20), seed: 5, pass: 0)));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void ARowThatHoldsNoNumberHasNoLabel(bool dropout)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var options = dropout ? Thinned() : SngpOptions.Deterministic();
        using var graph = new GraphRun(Network(options).Graph(options, Features, 3));
        foreach (var value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
        {
            var input = ones(3, Features);
            input[1, 2] = tensor(value);
            var actual = graph.Run(input);
            Assert.AreEqual(0f, actual["PredictedLabel"][1]);
            Assert.AreNotEqual(0f, actual["PredictedLabel"][0]);
            Assert.AreEqual(actual["PredictedLabel"][0], actual["PredictedLabel"][2]);
            Assert.IsTrue(float.IsNaN(actual["Score"][3]) && (!dropout || float.IsNaN(actual["EnsembleVariance"][1])));
        }
    }

    private static SngpOptions Thinned()
    {
        var options = SngpOptions.MonteCarloDropout(NumberOfPasses);
        ((ResidualMlp)options.Backbone).DropoutRate = 0.4;
        return options;
    }

    private static MLNet.Sngp.Training.Network Network(SngpOptions options) => TestNetwork.Create(Features, 3, 24, 3, options, seed: 3);

    /// <summary>The network with one mask a layer, the same for all rows.</summary>
    private static Tensor ThinnedLogits(MLNet.Sngp.Training.Network network, Tensor input, int seed, int pass)
    {
        var mlp = network.Mlp();
        var random = new SeededRandom(seed, RandomPurpose.DropoutPasses, pass);
        var hidden = mlp.Start(input);
        for (var layer = 0; layer < mlp.Dropouts.Length; layer++)
        {
            mlp.Dropouts[layer].Restart(random);
            var branch = addmm(mlp.Bias(layer), hidden, mlp.Weight(layer), 1, 1).relu();
            hidden = hidden + branch * mlp.Dropouts[layer].Next(1, CPU);
        }
        return network.Head.call(hidden);
    }

    /// <summary>What the averages of members must be, from their logits of shape [M, N, K].</summary>
    internal static void AssertAverage(Tensor logits, double temperature, Dictionary<string, float[]> actual)
    {
        var probabilities = logits.to(ScalarType.Float64).div(temperature).softmax(2);
        var score = probabilities.mean([0]);
        GraphRun.AssertClose(logits.mean([0]), actual["Logits"], 1e-5);
        GraphRun.AssertClose(score, actual["Score"], 1e-6);
        GraphRun.AssertClose((probabilities - score).square().mean([0]).mean([1]), actual["EnsembleVariance"], 1e-6);
        GraphRun.AssertClose((score * score.log()).sum(1).neg().div(Math.Log(score.shape[1])), actual["Uncertainty"], 1e-5);
        CollectionAssert.AreEqual(
            score.argmax(1).add(1).data<long>().ToArray(), actual["PredictedLabel"].Select(key => (long)key).ToArray());
    }

    internal static Tensor Input(int rows) => Initial.Gaussian(new SeededRandom(9, RandomPurpose.NetworkWeights), [rows, 5], CPU).mul(2);
}
