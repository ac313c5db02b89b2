using MLNet.Sngp.Export;
using MLNet.Sngp.Modules;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Export;

/// <summary>The graphs of ensembles against the TorchSharp modules of their members.</summary>
[TestClass]
public class EnsembleGraphTests
{
    private static readonly NetworkShape Shape = new(5, 3, 24, 3);
    private static readonly int[] Seeds = [3, 4, 5, 6];

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(1000)]
    public void ADeepEnsembleAveragesItsNetworks(int rows)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var networks = Array.ConvertAll(Seeds, seed => new DenseNetwork(Shape, seed, CPU));
        var members = Array.ConvertAll(networks, network => Model(DenseGraph.Build(network, "Features"), new DeterministicTrainer.Options()));
        var input = DenseGraphTests.Input(rows);
        var logits = stack(Array.ConvertAll(networks, network => network.Logits(input, masks: null)));
        using var graph = new GraphRun(EnsembleGraph.Build("test", members, hasLogitVariance: false));
        DenseGraphTests.AssertAverage(logits, temperature: 1, graph.Run(input));
        DenseGraphTests.AssertAverage(logits, temperature: 0.7, graph.Run(input, ("Temperature", 0.7f)));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(1000)]
    public void AnSngpEnsembleAveragesAdjustedProbabilitiesAndVariances(int rows)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var options = new SngpTrainer.Options { NumberOfHiddenLayers = 3, NumberOfHiddenUnits = 24, NumberOfRandomFeatures = 80 };
        var input = DenseGraphTests.Input(rows);
        var members = new List<UncertaintyModel>();
        List<Tensor> allLogits = [], allVariances = [];
        foreach (var seed in Seeds)
        {
            var network = new SngpNetwork(Shape, options, seed, CPU, _ => 4);
            var posterior = new LaplacePosterior(80, 1, CPU);
            posterior.Add(network.RandomFeatures(DenseGraphTests.Input(50)), weights: null);
            var factor = posterior.VarianceFactor(out _);
            members.Add(Model(SngpGraph.Build(network, new VarianceForm(factor, null, 0), options), options));
            var features = network.RandomFeatures(input);
            allLogits.Add(network.GaussianProcess.Logits(features).to(ScalarType.Float64));
            allVariances.Add(features.to(ScalarType.Float64).mm(factor).square().sum(1, keepdim: true));
        }
        var (logits, variances) = (stack(allLogits), stack(allVariances));
        using var graph = new GraphRun(EnsembleGraph.Build("test", members, hasLogitVariance: true));
        Check(graph.Run(input), Math.PI / 8, 1);
        Check(graph.Run(input, ("MeanFieldFactor", 3f), ("Temperature", 0.5f)), 3, 0.5);

        void Check(Dictionary<string, float[]> actual, double factor, double temperature)
        {
            var score = logits.div((1 + factor * variances).sqrt()).div(temperature).softmax(2).mean([0]);
            GraphRun.AssertClose(logits.mean([0]), actual["Logits"], 1e-5);
            GraphRun.AssertClose(variances.mean([0]), actual["Variance"], 1e-5);
            GraphRun.AssertClose(score, actual["Score"], 1e-6);
            CollectionAssert.AreEqual(score.argmax(1).add(1).data<long>().ToArray(), actual["PredictedLabel"].Select(key => (long)key).ToArray());
        }
    }

    private static UncertaintyModel Model(OnnxGraph graph, NetworkTrainerOptions options) =>
        ModelWriter.Write(graph, "test", ClassLabels.Of("red", "green", "blue"), options, new TrainedValues(1));
}
