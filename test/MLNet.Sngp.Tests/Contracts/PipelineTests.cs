using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Scoring;
using MLNet.Sngp.Tests.Scoring;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Contracts;

/// <summary>The transformer among ML.NET's own catalogs: cross-validation, feature importance, metrics, caches and selections.</summary>
[TestClass]
public sealed class PipelineTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void CrossValidateScoresEveryFold()
    {
        var folds =
            _context.MulticlassClassification.CrossValidate(Agreeing(400), new Fixed(_context), numberOfFolds: 4, labelColumnName: "Label");
        Assert.HasCount(4, folds);
        foreach (var fold in folds)
            Assert.AreEqual(1.0, fold.Metrics.MicroAccuracy);
    }

    [TestMethod]
    public void EvaluateTakesTheColumnsWithTopK()
    {
        using var transformer = SmallModel.Transformer(_context);
        var metrics = _context.MulticlassClassification.Evaluate(transformer.Transform(Agreeing(300)), topKPredictionCount: 2);
        Assert.AreEqual(1.0, metrics.MicroAccuracy);
        Assert.AreEqual(1.0, metrics.TopKAccuracy);
        Assert.AreEqual(3, metrics.ConfusionMatrix.NumberOfClasses);
    }

    [TestMethod]
    public void PermutationFeatureImportanceTakesTheTransformer()
    {
        using var transformer = SmallModel.Transformer(_context);
        var importance = _context.MulticlassClassification.PermutationFeatureImportance(transformer, transformer.Transform(Agreeing(500)),
            permutationCount: 2);
        Assert.HasCount(SmallModel.Features, importance);
        foreach (var feature in importance)
            Assert.IsLessThan(-0.01, feature.MicroAccuracy.Mean, "Every feature has weight.");
    }

    [TestMethod]
    public void StepsBeforeAndAfterWork()
    {
        var pipeline = _context.Transforms.CopyColumns("Copy", "Id")
            .AppendCacheCheckpoint(_context)
            .Append(new Fixed(_context))
            .Append(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel"))
            .Append(_context.Transforms.SelectColumns("Copy", "PredictedLabel", "Uncertainty"));
        var table = Agreeing(50);
        using var model = pipeline.Fit(table);
        var scored = model.Transform(table);
        CollectionAssert.AreEqual(new[] { "Copy", "PredictedLabel", "Uncertainty" }, scored.Schema.Select(column => column.Name).ToArray());
        Assert.HasCount(50, scored.GetColumn<string>("PredictedLabel").ToList());
        Assert.AreEqual(50L, transformerRowCount(table));

        static long? transformerRowCount(IDataView table)
        {
            using var transformer = SmallModel.Transformer(new MLContext());
            return transformer.Transform(table).GetRowCount();
        }
    }

    [TestMethod]
    public void AHundredThousandRowsAreScored()
    {
        using var transformer = SmallModel.Transformer(_context);
        var scored = transformer.Transform(SampleTable.Create(_context, 100_000));
        var last = 0;
        foreach (var row in _context.Data.CreateEnumerable<ScoredSample>(scored, reuseRowObject: true))
        {
            if (row.Id % 9973 == 0)
                ScoringTests.AssertScored(SampleTable.Row(row.Id), row);
            last = row.Id;
        }
        Assert.AreEqual(99_999, last);
    }

    // Rows labelled as the model labels them.
    private IDataView Agreeing(int count)
    {
        var rows = SampleTable.Rows(count);
        foreach (var row in rows)
        {
            var logits = SmallModel.Logits(row.Features, 3);
            row.Label = ((string[])["red", "green", "blue"])[Array.IndexOf(logits, logits.Max())];
        }
        var keys = _context.Data.LoadFromEnumerable(new[] { new LabelKey("red"), new LabelKey("green"), new LabelKey("blue") });
        var table = _context.Data.LoadFromEnumerable(rows);
        return _context.Data.Cache(_context.Transforms.Conversion.MapValueToKey("Label", keyData: keys).Fit(table).Transform(table));
    }

    private sealed class LabelKey(string label)
    {
        public string Label { get; } = label;
    }

    /// <summary>An estimator that has nothing to learn.</summary>
    private sealed class Fixed(MLContext context) : IEstimator<SngpTransformer>
    {
        public SngpTransformer Fit(IDataView input) => SmallModel.Transformer(context);

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => OutputPromise.Of(inputSchema, SmallModel.Columns(), "Label");
    }
}
