using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Regression;

/// <summary>What a trained regression says, beside the truth.</summary>
[TestClass]
public sealed class RegressionTrainerTests
{
    private static SngpTransformer s_model = null!;
    private readonly MLContext _ml = new(1);

    [ClassInitialize]
    public static void Train(TestContext _) => s_model = Fit(new MLContext(1), Waves.Options(), 8000);

    [ClassCleanup]
    public static void Free() => s_model.Dispose();

    [TestMethod]
    public void ItLearnsTheNoise()
    {
        var noise = s_model.Transform(Waves.Load(_ml, 2)).GetColumn<float>("NoiseVariance").ToArray();
        Assert.AreEqual(Waves.NoiseVariance, noise[0], 0.05 * Waves.NoiseVariance);
        Assert.AreEqual(noise[0], noise[1]);
        Assert.AreEqual(noise[0], float.Parse(s_model.Model.Options["NoiseVariance"], System.Globalization.CultureInfo.InvariantCulture),
            1e-6f);
    }

    [TestMethod]
    [DataRow(0.5)]
    [DataRow(0.9)]
    [DataRow(0.99)]
    public void ItsIntervalsHoldTheStatedShareOfFreshLabels(double confidence)
    {
        var options = Waves.Options();
        options.Confidence = confidence;
        using var model = Fit(_ml, options, 2000);
        var rows = Waves.Rows(4000, seed: 2);
        var scored = model.Transform(_ml.Data.LoadFromEnumerable(rows));
        var share = rows.Select(row => row.Label).Zip(scored.GetColumn<float>("Lower"), scored.GetColumn<float>("Upper"))
            .Average(row => row.First >= row.Second && row.First <= row.Third ? 1.0 : 0);
        // Three standard errors of 4,000 rows, and the noise's own 2 %.
        Assert.AreEqual(confidence, share, (3 * Math.Sqrt(confidence * (1 - confidence) / 4000)) + 0.01);
    }

    [TestMethod]
    public void AnIntervalIsThatOfTheTwoVariances()
    {
        var scored = s_model.Transform(Waves.Load(_ml, 50, seed: 3));
        float[] Values(string name) => [.. scored.GetColumn<float>(name)];
        var (mean, variance, noise, lower, upper) =
            (Values("Score"), Values("Variance"), Values("NoiseVariance"), Values("Lower"), Values("Upper"));
        for (var i = 0; i < mean.Length; i++)
        {
            var reach = 1.6448536 * Math.Sqrt(variance[i] + noise[i]);
            Assert.AreEqual(mean[i] - reach, lower[i], 1e-4);
            Assert.AreEqual(mean[i] + reach, upper[i], 1e-4);
        }
    }

    [TestMethod]
    public void MLNetsMetricsTakeTheColumns()
    {
        var metrics = _ml.Regression.Evaluate(s_model.Transform(Waves.Load(_ml, 2000, seed: 2)));
        Assert.AreEqual(Math.Sqrt(Waves.NoiseVariance), metrics.RootMeanSquaredError, 0.05);
        Assert.IsGreaterThan(0.9, metrics.RSquared);
        var folds = _ml.Regression.CrossValidate(Waves.Load(_ml, 400), _ml.Sngp().Regression(Waves.Options(5)), numberOfFolds: 2);
        foreach (var fold in folds)
        {
            Assert.IsLessThan(1.2, fold.Metrics.RootMeanSquaredError);
            (fold.Model as IDisposable)?.Dispose();
        }
    }

    [TestMethod]
    public void FeatureImportanceNamesTheFeatureThatMatters()
    {
        var scored = s_model.Transform(Waves.Load(_ml, 500, seed: 2));
        var importance = _ml.Sngp().RegressionPermutationFeatureImportance(s_model, scored);
        Assert.IsLessThan(-0.5, importance["Slot 0"].RSquared.Mean);
        Assert.AreEqual(0, importance["Slot 1"].RSquared.Mean, 0.05);
    }

    [TestMethod]
    public void FarRowsHaveThePriorsVarianceAndAreFoundByIt()
    {
        var near = s_model.Transform(Waves.Load(_ml, 500, seed: 2));
        var rows = Waves.Rows(100, seed: 5);
        foreach (var row in rows)
            row.Features = [row.Features[0] < 0 ? -60 : 60, row.Features[1] + 40];
        var far = s_model.Transform(_ml.Data.LoadFromEnumerable(rows));
        var detection = _ml.Sngp().EvaluateOutOfDomain(near, far);
        Assert.AreEqual("Variance", detection.ColumnName);
        Assert.AreEqual(1, detection.AreaUnderRocCurve);
        // The labels' own variance, 25·(1 − sin 6/6)/2 + 0.64, less what some tens of well known directions have of 256 random ones.
        var labels = (25 * (1 - (Math.Sin(6) / 6)) / 2) + Waves.NoiseVariance;
        Assert.AreEqual(0.85, far.GetColumn<float>("Variance").Average() / labels, 0.2);
    }

    [TestMethod]
    public void NaNLabelsAreLeftOutAndNaNFeaturesGiveNaN()
    {
        var rows = Waves.Rows(200);
        var log = new List<string>();
        _ml.Log += (_, message) => log.Add(message.Message);
        using var whole = Fit(_ml, Waves.Options(2), rows[..150]);
        foreach (var row in rows[150..])
            row.Label = float.NaN;
        using var part = Fit(_ml, Waves.Options(2), rows);
        Assert.IsTrue(log.Exists(message => message.Contains("50 of 200 rows have no value in the label column 'Label'")));
        var test = Waves.Rows(3, seed: 2);
        test[1].Features[1] = float.NaN;
        var (expected, actual) = (whole.Transform(_ml.Data.LoadFromEnumerable(test)), part.Transform(_ml.Data.LoadFromEnumerable(test)));
        foreach (var column in whole.Model.Outputs.Select(output => output.Name))
        {
            CollectionAssert.AreEqual(expected.GetColumn<float>(column).ToArray(), actual.GetColumn<float>(column).ToArray());
            CollectionAssert.AreEqual(new[] { false, true, false }, actual.GetColumn<float>(column).Select(float.IsNaN).ToArray(), column);
        }
    }

    [TestMethod]
    public void LabelsMayBeDoublesAndHaveAnyUnit()
    {
        var rows = Waves.Rows(200);
        var data = _ml.Data.LoadFromEnumerable(rows);
        using var single = _ml.Sngp().Regression(Waves.Options(3)).Fit(data);
        var options = Waves.Options(3);
        options.LabelColumnName = "Exact";
        using var exact = _ml.Sngp().Regression(options).Fit(data);
        CollectionAssert.AreEqual(
            single.Transform(data).GetColumn<float>("Score").ToArray(), exact.Transform(data).GetColumn<float>("Score").ToArray());
        foreach (var row in rows)
            row.Exact = (row.Exact * 1024) - 4096;
        using var other = _ml.Sngp().Regression(options).Fit(data);
        var (first, second) = (single.Transform(data), other.Transform(data));
        foreach (var (left, right) in first.GetColumn<float>("Score").Zip(second.GetColumn<float>("Score")))
            Assert.AreEqual((left * 1024) - 4096, right, 1);
        foreach (var name in new[] { "Variance", "NoiseVariance" })
        {
            foreach (var (left, right) in first.GetColumn<float>(name).Zip(second.GetColumn<float>(name)))
                Assert.AreEqual(left * 1024 * 1024, right, 1e-3 * right);
        }
    }

    [TestMethod]
    public void RowsOfWeightZeroTeachNothingButWhatTheyWeigh()
    {
        var rows = Waves.Rows(300);
        var spoilt = Waves.Rows(300);
        foreach (var row in spoilt.Where((_, i) => i % 3 == 0))
            (row.Label, row.Weight) = (1e4f, 0);
        foreach (var row in rows.Where((_, i) => i % 3 == 0))
            row.Weight = 0;
        var options = Waves.Options(3);
        options.ExampleWeightColumnName = "Weight";
        using var expected = Fit(_ml, options, rows);
        using var actual = Fit(_ml, options, spoilt);
        var test = Waves.Load(_ml, 20, seed: 2);
        foreach (var (left, right) in expected.Transform(test).GetColumn<float>("Upper").Zip(
            actual.Transform(test).GetColumn<float>("Upper")))
            Assert.AreEqual(left, right, 1e-3);
    }

    [TestMethod]
    [DataRow("stream")]
    [DataRow("validation")]
    [DataRow("automatic")]
    [DataRow("last epoch")]
    [DataRow("dense")]
    [DataRow("ridge")]
    public void ItLearnsInEveryWay(string way)
    {
        var options = way == "dense" ? SngpOptions.Deterministic() : Waves.Options(15);
        (options.Training, options.Seed) = (Waves.Options(15).Training, 1);
        var (training, posterior) = (options.Training, options.Posterior);
        switch (way)
        {
            case "stream": training.MaximumRowsInMemory = 300; break;
            case "validation": (training.ValidationFraction, training.Patience) = (0.2, 5); break;
            case "automatic": (training.NumberOfEpochs, training.BatchSize) = (null, null); break;
            case "last epoch": posterior.CovarianceGathering = CovarianceGathering.LastEpoch; break;
            case "ridge": posterior.RidgePenalty = 0.1; break;
        }
        using var model = Fit(_ml, options, 1500);
        var scored = model.Transform(Waves.Load(_ml, 1000, seed: 2));
        Assert.IsLessThan(1.0, _ml.Regression.Evaluate(scored).RootMeanSquaredError);
        Assert.AreEqual(Waves.NoiseVariance, scored.GetColumn<float>("NoiseVariance").First(), 0.25 * Waves.NoiseVariance);
        if (way != "dense")
            Assert.IsTrue(scored.GetColumn<float>("Variance").All(variance => variance is > 0 and < 40));
    }

    [TestMethod]
    [DataRow("Sngp")]
    [DataRow("DeepEnsemble")]
    public void AnInterruptedTrainingEndsWithTheSameBytes(string method)
    {
        using var folder = new TemporaryFolder();
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(60));
        ModelBytes.WithOneThread(() =>
        {
            var expected = ModelBytes.Of(Methods.Create(_ml, method, LearningTask.Regression).Fit(data));
            ModelBytes.Interrupt(options => options.Training.CheckpointPath = folder.File("state"),
                configure => Methods.Create(_ml, method, LearningTask.Regression, configure), data, 2);
            CollectionAssert.AreEqual(expected, ModelBytes.Of(Methods.Create(
                _ml, method, LearningTask.Regression, options => options.Training.CheckpointPath = folder.File("state")).Fit(data)));
        });
    }

    [TestMethod]
    public void ItTakesEveryPreset()
    {
        foreach (var options in new[] { SngpOptions.Tutorial(), SngpOptions.Deterministic(), SngpOptions.MonteCarloDropout(2),
            SngpOptions.DeepEnsemble(2), SngpOptions.SngpEnsemble(2) })
        {
            (options.Training.NumberOfEpochs, options.Seed) = (2, 1);
            using var model = Fit(_ml, options, 100);
            Assert.IsTrue(model.Transform(Waves.Load(_ml, 10)).GetColumn<float>("Upper").All(float.IsFinite));
        }
    }

    [TestMethod]
    public void OtherIntervalsGoOnFromACheckpoint()
    {
        using var folder = new TemporaryFolder();
        var options = Waves.Options(2);
        options.Training.CheckpointPath = folder.File("state");
        using var first = Fit(_ml, options, 100);
        options.Confidence = 0.5;
        var epochs = 0;
        options.Training.Progress = new Reporter(_ => epochs++);
        using var second = Fit(_ml, options, 100);
        Assert.AreEqual(0, epochs);
        var data = Waves.Load(_ml, 10);
        var (wide, narrow) = (first.Transform(data).GetColumn<float>("Upper"), second.Transform(data).GetColumn<float>("Upper"));
        Assert.IsTrue(wide.Zip(narrow).All(pair => pair.First > pair.Second));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void NoTensorIsLeftAfterFit(bool isHeteroscedastic)
    {
        var data = Waves.Load(_ml, 100);
        foreach (var method in new[] { "Sngp", "DeepEnsemble" })
        {
            var options = Methods.Options(method);
            options.HeteroscedasticNoise = isHeteroscedastic;
            var before = LiveTensors.Count;
            using var model = _ml.Sngp().Regression(options).Fit(data);
            LiveTensors.AssertFreed(before, options);
        }
    }

    [TestMethod]
    public void AWholePipelineBecomesOneGraphAndAZipOfMLNet()
    {
        var data = Waves.Load(_ml, 200);
        var model = _ml.Transforms.NormalizeMeanVariance("Features", fixZero: false).Append(_ml.Sngp().Regression(Waves.Options(2)))
            .Fit(data);
        var expected = model.Transform(data).GetColumn<float>("Lower").ToArray();
        var graph = (float[])OnnxRun.Run(OnnxRun.Save(model, _ml, data, "regression-pipeline"), data)["Lower"];
        using var zip = new MemoryStream();
        _ml.Model.Save(model, data.Schema, zip);
        zip.Position = 0;
        var rowwise = _ml.Model.Load(zip, out _);
        var loaded = rowwise.Transform(data).GetColumn<float>("Lower").ToArray();
        for (var i = 0; i < expected.Length; i++)
        {
            Assert.AreEqual(expected[i], graph[i], 1e-4f);
            Assert.AreEqual(expected[i], loaded[i], 1e-4f);
        }
        _ = _ml.Regression.Evaluate(rowwise.Transform(data));
        model.LastTransformer.Dispose();
        (rowwise as IDisposable)?.Dispose();
    }

    private static SngpTransformer Fit(MLContext ml, SngpOptions options, int rows) => Fit(ml, options, Waves.Rows(rows));

    private static SngpTransformer Fit(MLContext ml, SngpOptions options, Waves.Row[] rows) =>
        ml.Sngp().Regression(options).Fit(ml.Data.LoadFromEnumerable(rows));
}
