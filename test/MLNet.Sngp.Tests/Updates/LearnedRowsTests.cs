using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Regression;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Updates;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Updates;

/// <summary>What an updated model says of rows that it has learned, and of others.</summary>
[TestClass]
public class LearnedRowsTests
{
    [TestMethod]
    [DataRow(LearningTask.Multiclass)]
    [DataRow(LearningTask.Binary)]
    public void TheOutputWeightsOfAClassifierMakeTheLaplaceObjectiveLeast(LearningTask task)
    {
        var some = new UpdateCase(task);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (before, after) = (UpdateCase.State(some.Model), UpdateCase.State(some.Update(some.Model)));
        var old = ModelUpdate.Solve(before.All, before.All.ToPosterior(before.Ridge, () => { })).Weights;
        var now = ModelUpdate.Solve(after.All, after.All.ToPosterior(after.Ridge, () => { })).Weights;
        var graph = new FrozenGraph(some.Model.Model.ToProto());
        using var features = new RowFeatures(some.Model.Model, graph, before.Amplitude);
        var rows = NewRows.Read(some.Model.Model, some.New(), features, _ => { }, default);
        var truth = nn.functional.one_hot(rows.Labels.to(ScalarType.Int64), 2).to(ScalarType.Float64);
        var pull = rows.Features.t().mm(rows.Features.mm(now).softmax(1) - truth);
        var gradient = before.All.ToPosterior(before.Ridge, () => { }).Precision[0].mm(now - old) + pull;
        Assert.IsGreaterThan(0.1, pull.abs().max().item<double>());
        Assert.IsLessThan(1e-6, gradient.abs().max().item<double>());
    }

    [TestMethod]
    public void RowsOfANewRegionBecomeKnownAndTheOthersStayAsTheyAre()
    {
        var some = new UpdateCase(LearningTask.Multiclass, options => options.Training.NumberOfEpochs = 10);
        TwoClusters.Row[] region = [.. TwoClusters.Rows(200, seed: 3).Where(row => row.Label == "low").Select(row => new TwoClusters.Row
        {
            Features = [row.Features[0] + 4, row.Features[1] - 2],
            Label = "low",
        })];
        // The class that the model does not expect there.
        if (Scores(some.Model, some.Keys(region)).Accuracy > 0.5)
            Array.ForEach(region, row => row.Label = "high");
        var updated = some.Context.Sngp().Update(some.Model, some.Keys(region[..50]));
        var (before, after) = (Scores(some.Model, some.Keys(region[50..])), Scores(updated, some.Keys(region[50..])));
        Assert.IsLessThan(0.3 * before.Variance, after.Variance);
        Assert.IsLessThan(0.5, before.Accuracy);
        Assert.AreEqual(1, after.Accuracy);
        var (known, still) = (Scores(some.Model, some.New()), Scores(updated, some.New()));
        Assert.AreEqual(1, known.Accuracy);
        Assert.IsGreaterThanOrEqualTo(known.Accuracy, still.Accuracy);
        Assert.IsLessThanOrEqualTo(known.Variance * 1.001, still.Variance);
    }

    [TestMethod]
    public void ARegressionHasTheExactPosteriorOfAllRows()
    {
        var some = new UpdateCase(LearningTask.Regression);
        var updated = some.Update(some.Model);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var graph = new FrozenGraph(some.Model.Model.ToProto());
        var state = UpdateCase.State(some.Model);
        using var features = new RowFeatures(some.Model.Model, graph, state.Amplitude);
        var parts = new[] { some.Training, some.New() }
            .Select(rows => NewRows.Read(some.Model.Model, rows, features, _ => { }, default)).ToArray();
        var phi = cat([parts[0].Features, parts[1].Features], 0);
        var z = (cat([parts[0].Labels, parts[1].Labels], 0) - graph.Label.Centre) / graph.Label.Unit;
        var noise = Number(updated, "NoiseVariance")[0] / (graph.Label.Unit * graph.Label.Unit);
        var precision = phi.t().mm(phi) / noise + eye(64, dtype: ScalarType.Float64);
        var mean = phi.mm(linalg.solve(precision, phi.t().mm(z.unsqueeze(1)) / noise)).squeeze(1);
        var variance = (phi * linalg.solve(precision, phi.t()).t()).sum(1L);
        var unit = graph.Label.Unit;
        double[] all = [.. Number(updated, "Score", some.Training), .. Number(updated, "Score", some.New())];
        Assert.IsLessThan(1e-4, UpdateCase.Difference((mean * unit + graph.Label.Centre).data<double>().ToArray(), all));
        double[] variances = [.. Number(updated, "Variance", some.Training), .. Number(updated, "Variance", some.New())];
        Assert.IsLessThan(1e-3, UpdateCase.Difference((variance * unit * unit).data<double>().ToArray(), variances));

        double[] Number(SngpTransformer model, string column, IDataView? rows = null) =>
            [.. model.Transform(rows ?? some.New()).GetColumn<float>(column).Select(value => (double)value)];
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void TheFormOfTheVarianceMayChange(bool isLinear)
    {
        var some = new UpdateCase(LearningTask.Multiclass, options =>
        {
            options.Posterior.VarianceTolerance = 1e-2;
            if (isLinear)
                options.GaussianProcess.Kernel = GaussianProcessKernel.Linear;
        });
        TwoClusters.Row[] wide = [.. TwoClusters.Rows(200, seed: 3).Select((row, i) => new TwoClusters.Row
        {
            Features = [row.Features[0] + (i % 20), row.Features[1] * (i % 7)],
            Label = row.Label,
        })];
        var updated = some.Context.Sngp().Update(some.Model, some.Keys(wide));
        if (!isLinear)
            Assert.AreNotEqual(Columns(some.Model), Columns(updated));
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var state = UpdateCase.State(updated);
        using var features = new RowFeatures(updated.Model, new FrozenGraph(updated.Model.ToProto()), state.Amplitude);
        var phi = NewRows.Read(updated.Model, some.New(), features, _ => { }, default).Features;
        var exact = (phi * linalg.solve(state.All.ToPosterior(1, () => { }).Precision[0], phi.t()).t()).sum(1L);
        float[] given = [.. updated.Transform(some.New()).GetColumn<float>("Variance")];
        foreach (var (expected, actual) in exact.data<double>().Zip(given))
            Assert.AreEqual(expected, actual, isLinear ? 1e-4 * expected : 1.01e-2);
    }

    private static long Columns(SngpTransformer model) =>
        model.Model.ToProto().Graph.Initializer.Single(tensor => tensor.Name == "head/variance_factor").Dims[1];

    private static (double Accuracy, double Variance) Scores(SngpTransformer model, IDataView rows)
    {
        var scored = model.Transform(rows);
        var labels = scored.GetColumn<uint>("Label");
        return (labels.Zip(scored.GetColumn<uint>("PredictedLabel"), (label, predicted) => label == predicted ? 1.0 : 0).Average(),
            scored.GetColumn<float>("Variance").Average());
    }
}
