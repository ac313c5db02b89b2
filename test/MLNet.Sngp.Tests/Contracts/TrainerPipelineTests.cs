using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Contracts;

/// <summary>The trainer among ML.NET's own catalogs: splits, cross-validation, metrics, feature importance, steps before and
/// after.</summary>
[TestClass]
public sealed class TrainerPipelineTests
{
    private const int Classes = 3;
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void CrossValidateTrainsAPipelineOnEveryFold()
    {
        var folds = _ml.MulticlassClassification.CrossValidate(Table(300), Pipeline(), numberOfFolds: 3);
        Assert.HasCount(3, folds);
        foreach (var fold in folds)
        {
            Assert.IsGreaterThan(0.9, fold.Metrics.MicroAccuracy);
            Assert.IsNotNull(fold.ScoredHoldOutSet.Schema.GetColumnOrNull("Variance"));
            Assert.IsInstanceOfType<SngpTransformer>(((TransformerChain<SngpTransformer>)fold.Model).LastTransformer);
        }
        Assert.AreEqual(300, folds.Sum(fold => fold.ScoredHoldOutSet.GetColumn<float>("Variance").Count()));
        foreach (var fold in folds)
            ((IDisposable)fold.Model).Dispose();
    }

    [TestMethod]
    public void CrossValidateTakesTheTrainerAloneAndASamplingKey()
    {
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(Table(200)).Transform(Table(200));
        var folds = _ml.MulticlassClassification.CrossValidate(keyed, Trainer(), numberOfFolds: 2, samplingKeyColumnName: "Group");
        foreach (var fold in folds)
            Assert.IsGreaterThan(0.9, fold.Metrics.MicroAccuracy);
        Assert.IsFalse(
            folds[0].ScoredHoldOutSet.GetColumn<int>("Group").Intersect(folds[1].ScoredHoldOutSet.GetColumn<int>("Group")).Any());
    }

    [TestMethod]
    public void TrainTestSplitGivesTablesToTrainAndToScore()
    {
        var split = _ml.Data.TrainTestSplit(Table(300), testFraction: 0.25);
        using var model = Pipeline().Fit(split.TrainSet);
        var metrics = _ml.MulticlassClassification.Evaluate(model.Transform(split.TestSet));
        Assert.IsGreaterThan(0.9, metrics.MicroAccuracy);
        Assert.AreEqual(Classes, metrics.ConfusionMatrix.NumberOfClasses);
    }

    [TestMethod]
    public void EvaluateCountsTheTopK()
    {
        var table = Table(300);
        using var model = Pipeline().Fit(table);
        var scored = model.Transform(table);
        var scores = scored.GetColumn<float[]>("Score").Zip(scored.GetColumn<uint>("Label")).ToList();
        var metrics = _ml.MulticlassClassification.Evaluate(scored, topKPredictionCount: 2);
        var hits = scores.Count(row => row.First.Count(score => score > row.First[row.Second - 1]) < 2);
        Assert.AreEqual(hits / 300.0, metrics.TopKAccuracy, 1e-9);
        Assert.AreEqual(scores.Average(row => -Math.Log(row.First[row.Second - 1])), metrics.LogLoss, 1e-5);
        Assert.AreEqual(1.0, _ml.MulticlassClassification.Evaluate(scored, topKPredictionCount: Classes).TopKAccuracy);
    }

    [TestMethod]
    public void PermutationFeatureImportanceTellsUsefulFeaturesFromNoise()
    {
        using var model = Pipeline().Fit(Table(300));
        var table = Table(300, seed: 2);
        var importance =
            _ml.MulticlassClassification.PermutationFeatureImportance(model.LastTransformer, model.Transform(table), permutationCount: 3);
        Assert.HasCount(3, importance);
        Assert.IsLessThan(-0.1, importance[0].MicroAccuracy.Mean);
        Assert.IsLessThan(-0.1, importance[1].MicroAccuracy.Mean);
        Assert.IsGreaterThan(-0.1, importance[2].MicroAccuracy.Mean, "The third feature is noise.");
        Assert.IsGreaterThan(0, importance[0].LogLoss.Mean);
    }

    [TestMethod]
    public void StepsAfterTheTrainerTakeItsColumns()
    {
        var table = Table(120);
        var pipeline = Pipeline()
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Append(_ml.Transforms.CopyColumns("Doubt", "Uncertainty"))
            .Append(_ml.Transforms.SelectColumns("Group", "PredictedLabel", "Score", "Doubt"));
        using var model = pipeline.Fit(table);
        var scored = model.Transform(table);
        CollectionAssert.AreEqual(
            new[] { "Group", "PredictedLabel", "Score", "Doubt" }, scored.Schema.Select(column => column.Name).ToArray());
        Assert.AreEqual(TextDataViewType.Instance, scored.Schema["PredictedLabel"].Type);
        Assert.HasCount(Classes, scored.GetColumn<string>("PredictedLabel").Distinct().ToList());
        var promised = pipeline.GetOutputSchema(Shape());
        TransformerContract.CheckPromise(promised, scored.Schema);
    }

    [TestMethod]
    public void StepsAreAppendedToTheTrainerItself()
    {
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(Table(120)).Transform(Table(120));
        SngpTransformer? fitted = null;
        var pipeline = Trainer().WithOnFitDelegate(model => fitted = model)
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        using var model = pipeline.Fit(keyed);
        Assert.IsNotNull(fitted);
        Assert.AreSame(fitted, model.First());
        Assert.AreEqual(TextDataViewType.Instance, model.Transform(keyed).Schema["PredictedLabel"].Type);
    }

    [TestMethod]
    public void ACacheBeforeTheTrainerChangesNothing()
    {
        var table = Table(120);
        using var plain = Pipeline().Fit(table);
        var cached = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.NormalizeMeanVariance("Features", fixZero: false))
            .AppendCacheCheckpoint(_ml)
            .Append(Trainer());
        using var model = cached.Fit(table);
        var expected = plain.Transform(table).GetColumn<float[]>("Score").ToArray();
        var actual = model.Transform(table).GetColumn<float[]>("Score").ToArray();
        for (var row = 0; row < expected.Length; row++)
            Assert.AreEqual(expected[row][0], actual[row][0], 1e-4f);
    }

    [TestMethod]
    public void APredictionEngineOverThePipelineGivesTheTablesValues()
    {
        var table = Table(120);
        using var model = Pipeline().Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(table);
        var expected = _ml.Data.CreateEnumerable<Prediction>(model.Transform(table), reuseRowObject: false).ToArray();
        using var engine =
            _ml.Model.CreatePredictionEngine<Row, Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false });
        var rows = Rows(120);
        for (var i = 0; i < rows.Length; i++)
        {
            var actual = engine.Predict(rows[i]);
            Assert.AreEqual(expected[i].PredictedLabel, actual.PredictedLabel);
            Assert.AreEqual(expected[i].Score[0], actual.Score[0], 1e-6f);
            Assert.AreEqual(expected[i].Variance, actual.Variance, 1e-6f);
        }
    }

    private EstimatorChain<SngpTransformer> Pipeline() => _ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(_ml.Transforms.NormalizeMeanVariance("Features", fixZero: false))
        .Append(Trainer());

    private SngpMulticlassTrainer Trainer()
    {
        var options = TwoClusters.QuickOptions(epochs: 15);
        options.Training.LearningRate = 0.01;
        return _ml.Sngp().Multiclass(options);
    }

    private SchemaShape Shape() => _ml.Transforms.CustomMapping<Nothing, Row>((_, _) => { }, null).GetOutputSchema(new SchemaShape([]));

    private IDataView Table(int count, int seed = 1) => _ml.Data.LoadFromEnumerable(Rows(count, seed));

    // Three clusters at the corners of a triangle, and a feature that says nothing.
    private static Row[] Rows(int count, int seed = 1)
    {
        var random = new SeededRandom(seed, RandomPurpose.NetworkWeights);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var (sin, cos) = Math.SinCos(2 * Math.PI * (i % Classes) / Classes);
            return new Row
            {
                Group = i % 17,
                Features = [(float)(2 * cos + 0.4 * random.NextGaussian()), (float)(2 * sin + 0.4 * random.NextGaussian()),
                (float)random.NextGaussian()],
                Label = "corner " + i % Classes,
            };
        })];
    }

    private sealed class Nothing
    {
    }

    private sealed class Row
    {
        public int Group { get; set; }

        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }

    private sealed class Prediction
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];

        public float Variance { get; set; }
    }
}
