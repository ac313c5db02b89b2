using MLNet.Sngp.Data;
using MLNet.Sngp.Export;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Export;

/// <summary>The graphs of ensembles against the TorchSharp modules of their members.</summary>
[TestClass]
public class EnsembleGraphTests
{
    private static readonly int[] Seeds = [3, 4, 5, 6];

    [TestMethod]
    [DataRow(1)]
    [DataRow(7)]
    [DataRow(1000)]
    public void ADeepEnsembleAveragesItsNetworks(int rows)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var options = SngpOptions.DeepEnsemble(Seeds.Length);
        var networks = Array.ConvertAll(Seeds, seed => TestNetwork.Create(5, 3, 24, 3, options, seed));
        var input = DenseGraphTests.Input(rows);
        var logits = stack(Array.ConvertAll(networks, network => network.Logits(input)));
        using var graph = new GraphRun(Join(Array.ConvertAll(networks, network => network.Member(options, 5)), options));
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
        var options = SngpOptions.SngpEnsemble(Seeds.Length);
        options.GaussianProcess.NumberOfRandomFeatures = 80;
        var input = DenseGraphTests.Input(rows);
        var members = new List<MemberGraph>();
        List<Tensor> allLogits = [], allVariances = [];
        foreach (var seed in Seeds)
        {
            var network = TestNetwork.Create(5, 3, 24, 3, options, seed, 4);
            var posterior = new LaplacePosterior(80, 1, CPU);
            posterior.Add(network.RandomFeatures(DenseGraphTests.Input(50)), weights: null);
            var factor = posterior.VarianceFactor(out _);
            members.Add(network.Member(options, 5, new VarianceForm(factor, null, 0, 1)));
            allLogits.Add(network.Logits(input).to(ScalarType.Float64));
            allVariances.Add(network.RandomFeatures(input).to(ScalarType.Float64).mm(factor).square().sum(1, keepdim: true));
        }
        var (logits, variances) = (stack(allLogits), stack(allVariances));
        using var graph = new GraphRun(Join(members, options));
        Check(graph.Run(input), Math.PI / 8, 1);
        Check(graph.Run(input, ("MeanFieldFactor", 3f), ("Temperature", 0.5f)), 3, 0.5);

        void Check(Dictionary<string, float[]> actual, double factor, double temperature)
        {
            var probabilities = logits.div((1 + factor * variances).sqrt()).div(temperature).softmax(2);
            var score = probabilities.mean([0]);
            GraphRun.AssertClose(logits.mean([0]), actual["Logits"], 1e-5);
            GraphRun.AssertClose(variances.mean([0]), actual["Variance"], 1e-5);
            GraphRun.AssertClose(score, actual["Score"], 1e-6);
            GraphRun.AssertClose((probabilities - score).square().mean([0]).mean([1]), actual["EnsembleVariance"], 1e-6);
            CollectionAssert.AreEqual(
                score.argmax(1).add(1).data<long>().ToArray(), actual["PredictedLabel"].Select(key => (long)key).ToArray());
        }
    }

    private static OnnxGraph Join(IReadOnlyList<MemberGraph> members, SngpOptions options) =>
        ModelWriter.Build(members, TestNetwork.Input(new TrainingTable(5, hasWeights: false), 3), options);
}
