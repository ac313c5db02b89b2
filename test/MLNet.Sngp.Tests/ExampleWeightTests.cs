using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests;

/// <summary>Example weights multiply a row's loss and its part of the posterior precision.</summary>
[TestClass]
public class ExampleWeightTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void AWholeWeightCountsAsThatManyRowsInThePosterior()
    {
        var rows = TwoClusters.Rows(40);
        for (var i = 0; i < rows.Length; i++)
            rows[i].Weight = i % 4;
        var repeated = rows.SelectMany(row => Enumerable.Repeat(row, (int)row.Weight));
        CollectionAssert.AreNotEqual(Variances(rows, weight: null), Variances(rows, weight: "Weight"));
        var (weighted, manyRows) = (Variances(rows, weight: "Weight"), Variances(repeated, weight: null));
        for (var i = 0; i < weighted.Length; i++)
            Assert.AreEqual(manyRows[i], weighted[i], 1e-5f);
    }

    [TestMethod]
    public void WeightsOfOneAreAsNoWeights()
    {
        CollectionAssert.AreEqual(Scores(weight: null, row => 1), Scores("Weight", row => 1));
        CollectionAssert.AreNotEqual(Scores(weight: null, row => 1), Scores("Weight", row => row.Label == "low" ? 1 : 5));
    }

    [TestMethod]
    public void RowsOfWeightZeroHaveNoPartInTheLoss()
    {
        using var scope = NewDisposeScope();
        var (features, labels) = Batch();
        // The mean is over all rows, so half of them weighing 2 and half 0 is the mean over the first half.
        var (half, halfLoss) = Gradients(features.narrow(0, 0, 5), labels.narrow(0, 0, 5), weights: null);
        var (all, allLoss) = Gradients(features, labels, cat([full(5, 2f), zeros(5)], 0));
        Assert.AreEqual(halfLoss, allLoss, 1e-6);
        Assert.IsTrue(allclose(half, all, rtol: 1e-4, atol: 1e-7));
    }

    [TestMethod]
    public void AWholeWeightCountsAsThatManyRowsInTheLoss()
    {
        using var scope = NewDisposeScope();
        var (features, labels) = Batch();
        var (weighted, weightedLoss) = Gradients(features, labels, full(10, 3f));
        var (plain, plainLoss) = Gradients(features, labels, weights: null);
        Assert.AreEqual(3 * plainLoss, weightedLoss, 1e-5);
        Assert.IsTrue(allclose(plain.mul(3), weighted, rtol: 1e-4, atol: 1e-7));
    }

    [TestMethod]
    public void WeightsThatAreAllZeroAreAnError()
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Train(TwoClusters.Rows(10), "Weight", row => 0));
        Assert.Contains("weight 0", error.Message);
        Assert.Contains("'Weight'", error.Message);
    }

    [TestMethod]
    public void AClassWhoseRowsAllWeighZeroIsNoClass()
    {
        var error =
            Assert.ThrowsExactly<InvalidOperationException>(() => Train(TwoClusters.Rows(10), "Weight", row => row.Label == "low" ? 1 : 0));
        Assert.Contains("same class", error.Message);
        Assert.Contains("weight 0", error.Message);
    }

    [TestMethod]
    public void AClassAmongManyWhoseRowsAllWeighZeroIsToldInTheLog()
    {
        var warnings = new List<string>();
        _ml.Log += (_, e) => { if (e.Kind == ChannelMessageKind.Warning) warnings.Add(e.RawMessage); };
        var rows = TwoClusters.Rows(30);
        rows[0].Label = "third";
        using var model = Train(rows, "Weight", row => row.Label == "third" ? 0 : 1);
        Assert.IsTrue(warnings.Any(message => message.Contains("1 of the 3 classes") && message.Contains("weight above 0")), string.Join(
            "; ", warnings));
    }

    [TestMethod]
    public void BinaryTrainersTakeThem()
    {
        var options = TwoClusters.QuickOptions();
        options.ExampleWeightColumnName = "Weight";
        var rows = TwoClasses.Rows(60);
        using var equal = _ml.Sngp().Binary(options).Fit(_ml.Data.LoadFromEnumerable(rows));
        foreach (var row in rows)
            row.Weight = row.Label ? 8 : 1;
        using var weighted = _ml.Sngp().Binary(options).Fit(_ml.Data.LoadFromEnumerable(rows));
        Assert.IsGreaterThan(TwoClasses.Predict(_ml, equal, rows).Average(row => row.Score), TwoClasses.Predict(_ml, weighted, rows)
            .Average(row => row.Score));
    }

    // With no learning to speak of, the model is its posterior.
    private float[] Variances(IEnumerable<TwoClusters.Row> rows, string? weight)
    {
        var options = TwoClusters.QuickOptions(epochs: 1);
        options.Training.LearningRate = 1e-12;
        options.GaussianProcess.KernelScale = 1;
        options.ExampleWeightColumnName = weight;
        using var model = _ml.Sngp().Multiclass(options).Fit(TwoClusters.Load(_ml, rows));
        return [.. model.Transform(TwoClusters.Load(_ml, TwoClusters.Rows(20, seed: 2))).GetColumn<float>("Variance")];
    }

    private float[] Scores(string? weight, Func<TwoClusters.Row, float> weigh)
    {
        using var model = Train(TwoClusters.Rows(40), weight, weigh);
        return [.. model.Transform(TwoClusters.Load(_ml, TwoClusters.Rows(20, seed: 2))).GetColumn<float[]>("Score")
            .Select(score => MathF.Round(score[0], 4))];
    }

    private SngpTransformer Train(TwoClusters.Row[] rows, string? weight, Func<TwoClusters.Row, float> weigh)
    {
        foreach (var row in rows)
            row.Weight = weigh(row);
        var options = TwoClusters.QuickOptions();
        options.ExampleWeightColumnName = weight;
        return _ml.Sngp().Multiclass(options).Fit(TwoClusters.Load(_ml, rows));
    }

    private static (Tensor Features, Tensor Labels) Batch() => (
        Initial.Gaussian(new SeededRandom(4, RandomPurpose.NetworkWeights), [10, 2], CPU),
        tensor(new float[] { 0, 1, 1, 0, 1, 0, 0, 1, 1, 0 }));

    private static (Tensor Gradients, double Loss) Gradients(Tensor features, Tensor labels, Tensor? weights)
    {
        var options = TwoClusters.QuickOptions();
        ((ResidualMlp)options.Backbone).DropoutRate = 0;
        options.GaussianProcess.OutputWeightDecay = 0;
        var mlp = (ResidualMlp)options.Backbone;
        var network = TestNetwork.Create(2, mlp.NumberOfHiddenLayers, mlp.NumberOfHiddenUnits!.Value, 2, options);
        var loss = new TrainingLoop(network, options.Training, seed: 1).Step(features, labels, weights);
        return (network.Parameters.Gradients, loss);
    }
}
