using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Training;

[TestClass]
public class EarlyStoppingTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DynamicData(nameof(Methods.All), typeof(Methods))]
    public void TheValidationLossIsThatOfTheModelOverAllValidationRows(string method) =>
        AssertLossIsThatOfTheModel(method, Load(TwoClusters.Rows(50)), Load(TwoClusters.Rows(1500, seed: 3)));

    [TestMethod]
    public void SoItIsForRowsAsWideAsTheHiddenLayers()
    {
        const int units = 128;
        IDataView Widen(IDataView data) => _ml.Transforms.Concatenate("Features", [.. Enumerable.Repeat("Features", units / 2)]).Fit(data)
            .Transform(data);
        AssertLossIsThatOfTheModel("Sngp", Widen(Load(TwoClusters.Rows(50))), Widen(Load(TwoClusters.Rows(100, seed: 3))));
    }

    private void AssertLossIsThatOfTheModel(string method, IDataView train, IDataView validation)
    {
        var reports = new List<TrainingProgress>();
        var trainer = Methods.Create(_ml, method, options =>
        {
            options.Training.Progress = new Reporter(reports.Add);
            options.Training.NumberOfEpochs = 1;
            options.ExampleWeightColumnName = "Weight";
            if (options.Head == NetworkHead.GaussianProcess)
                options.Posterior.MeanFieldFactor = null;
        });
        using var model = trainer.Fit(train, validation);
        Assert.IsTrue(reports.All(report => report.ValidationLoss > 0));
        if (reports.Count > 1 || method.EndsWith("MonteCarloDropout", StringComparison.Ordinal))
            return;
        var scored = model.Transform(validation);
        var logits = scored.GetColumn<float[]>("Logits").ToArray();
        var labels = scored.GetColumn<uint>("Label").ToArray();
        var weights = scored.GetColumn<float>("Weight").ToArray();
        var expected = Enumerable.Range(0, logits.Length).Sum(i => weights[i] * CrossEntropy(logits[i], labels[i] - 1)) / weights.Sum();
        Assert.AreEqual(expected, reports[0].ValidationLoss!.Value, 1e-5 * expected);
    }

    [TestMethod]
    public void TheModelIsThatOfTheBestEpoch()
    {
        var (train, validation) = (Load(TwoClusters.Rows(50)), Load(Noise(60)));
        ModelBytes.WithOneThread(() =>
        {
            var reports = new List<TrainingProgress>();
            var logits = Logits(FitDeterministic(train, validation, 40, reports), validation);
            var best = reports.MinBy(report => report.ValidationLoss)!;
            Assert.IsLessThan(40, best.Epoch);
            Assert.IsGreaterThan(0, best.Epoch);
            CollectionAssert.AreEqual(Logits(FitDeterministic(train, null, best.Epoch, []), validation), logits);
        });
    }

    [TestMethod]
    public void PatienceEndsTheTrainingThatManyEpochsAfterTheBest()
    {
        var reports = new List<TrainingProgress>();
        var messages = new List<string>();
        _ml.Log += (_, e) => messages.Add(e.Message);
        using var model = FitDeterministic(Load(TwoClusters.Rows(50)), Load(Noise(60)), 1000, reports, patience: 3);
        var best = reports.MinBy(report => report.ValidationLoss)!;
        Assert.AreEqual(best.Epoch + 3, reports[^1].Epoch);
        Assert.AreEqual(1000, reports[^1].NumberOfEpochs);
        Assert.IsTrue(messages.Exists(message => message.Contains($"Epoch {best.Epoch} of the {reports[^1].Epoch} that ran")), string.Join(
            '\n', messages));
        Assert.AreEqual(best.Epoch.ToString(System.Globalization.CultureInfo.InvariantCulture), model.Model.Options["BestEpoch"]);
    }

    [TestMethod]
    public void ThePosteriorIsOfTheTrainingRowsAlone()
    {
        var options = TwoClusters.QuickOptions(epochs: 2);
        var rows = TwoClusters.Rows(60);
        // Validation rows lie elsewhere, so their variance stays that of rows never seen.
        var far = TwoClusters.Rows(60, seed: 5);
        Array.ForEach(far, row => row.Features = [row.Features[0] + 30, row.Features[1] - 30]);
        using var model = _ml.Sngp().Multiclass(options).Fit(Load(rows), Load(far));
        var near = model.Transform(Load(rows)).GetColumn<float>("Variance").Average();
        Assert.IsGreaterThan(5 * near, model.Transform(Load(far)).GetColumn<float>("Variance").Average());
    }

    [TestMethod]
    public void WithoutValidationModelsDoNotMentionIt()
    {
        using var model = _ml.Sngp().Multiclass(TwoClusters.QuickOptions()).Fit(Load(TwoClusters.Rows(50)));
        foreach (var name in new[] { "ValidationFraction", "Patience", "BestEpoch", "CheckpointPath", "CheckpointEvery" })
            Assert.IsFalse(model.Model.Options.ContainsKey(name), name);
    }

    [TestMethod]
    public void OptionsThatCannotBeFollowedTogetherAreRefused()
    {
        var data = Load(TwoClusters.Rows(50));
        var noRows = Methods.Create(_ml, "Sngp", options => options.Training.Patience = 3);
        Assert.Contains("ValidationFraction", Assert.ThrowsExactly<InvalidOperationException>(() => noRows.Fit(data)).Message);
        var twice = _ml.Sngp().Multiclass(
            new SngpOptions { Head = NetworkHead.Dense, Backbone = new ResidualMlp { SpectralNormBound = null }, Training =
            { ValidationFraction = 0.2 } });
        Assert.Contains("0.2", Assert.ThrowsExactly<InvalidOperationException>(() => twice.Fit(data, data)).Message);
        var gathering = TwoClusters.QuickOptions();
        gathering.Posterior.CovarianceGathering = CovarianceGathering.LastEpoch;
        Assert.Contains("AfterTraining", Assert.ThrowsExactly<InvalidOperationException>(
            () => _ml.Sngp().Multiclass(gathering).Fit(data, data)).Message);
        gathering.Training.ValidationFraction = 0.5;
        Assert.Contains("AfterTraining", Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Multiclass(gathering)).Message);
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Sngp().Multiclass().Fit(data, null!));
        foreach (var fraction in new[] { 0, 1, -0.1, double.NaN })
            Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Multiclass(
                new SngpOptions { Head = NetworkHead.Dense, Backbone = new ResidualMlp { SpectralNormBound = null }, Training =
                { ValidationFraction = fraction } }));
    }

    [TestMethod]
    public void AValidationTableThatDoesNotFitIsRefused()
    {
        var data = Load(TwoClusters.Rows(50));
        var trainer = _ml.Sngp().Multiclass(
            new SngpOptions { Head = NetworkHead.Dense, Backbone = new ResidualMlp { SpectralNormBound = null }, Training =
            { NumberOfEpochs = 1 } });
        var rows = TwoClusters.Rows(50);
        Array.ForEach(rows, row => row.Label += "!");
        Assert.Contains("other classes", Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(data, Load(rows))).Message);
        var wide = _ml.Transforms.Concatenate("Features", "Features", "Features").Fit(data).Transform(data);
        Assert.Contains("4 features", Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(data, wide)).Message);
        var empty = _ml.Data.SkipRows(data, 1000);
        Assert.Contains("no validation rows", Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(data, empty)).Message);
        var overflowing = TwoClusters.Rows(50);
        overflowing[1].Features = [float.MaxValue, float.MaxValue];
        Assert.Contains(
            "validation loss", Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(data, Load(overflowing))).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => trainer.Fit(data, _ml.Transforms.DropColumns("Features").Fit(data).Transform(data)));
    }

    private SngpTransformer FitDeterministic(
        IDataView train, IDataView? validation, int epochs, List<TrainingProgress> reports, int? patience = null)
    {
        var trainer = Methods.Create(_ml, "Deterministic", options =>
        {
            options.Training.NumberOfEpochs = epochs;
            (options.Training.LearningRate, options.Training.LearningRateSchedule) = (0.01, LearningRateSchedule.Constant);
            options.Training.Patience = patience;
            options.Training.Progress = new Reporter(reports.Add);
        });
        return validation is null ? trainer.Fit(train) : trainer.Fit(train, validation);
    }

    private static float[] Logits(SngpTransformer model, IDataView data)
    {
        using (model)
            return [.. model.Transform(data).GetColumn<float[]>("Logits").SelectMany(row => row)];
    }

    private IDataView Load(TwoClusters.Row[] rows)
    {
        for (var i = 0; i < rows.Length; i++)
            rows[i].Weight = 0.5f + i % 3;
        return TwoClusters.Load(_ml, rows);
    }

    // Labels that have nothing to do with the features: what is learned makes the loss larger sooner or later.
    private static TwoClusters.Row[] Noise(int count)
    {
        var rows = TwoClusters.Rows(count, seed: 9);
        var random = new SeededRandom(9, RandomPurpose.RowOrder);
        for (var i = 2; i < rows.Length; i++)
            rows[i].Label = random.NextDouble() < 0.7 == (rows[i].Label == "low") ? "low" : "high";
        return rows;
    }

    private static double CrossEntropy(float[] logits, uint label)
    {
        double largest = logits.Max();
        return largest + Math.Log(logits.Sum(logit => Math.Exp(logit - largest))) - logits[label];
    }
}
