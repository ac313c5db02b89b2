using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Scoring;

[TestClass]
public sealed class PredictionEngineTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void GivesTheSameBeforeSavingAfterAPlainLoadAndAfterOurs()
    {
        using var model = Model();
        var zip = new MemoryStream();
        _context.Model.Save(model, SampleTable.Create(_context, 1).Schema, zip);
        var plain = _context.Model.Load(zip, out _);
        zip.Position = 0;
        var batching = _context.Sngp().Load(zip, out _);
        foreach (var (loaded, name) in new[] { (model, "fitted"), (plain, "plain"), (batching, "batching") })
        {
            var engine = _context.Model.CreatePredictionEngine<SampleRow, Prediction>(loaded,
                new PredictionEngineOptions { OwnsTransformer = false });
            for (var id = 0; id < 50; id++)
                Check(SampleTable.Row(id), engine.Predict(SampleTable.Row(id)), name);
            engine.Dispose();
        }
        (plain as IDisposable)?.Dispose();
        (batching as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void GivesTheKeyItself()
    {
        using var transformer = SmallModel.Transformer(_context);
        using var engine = _context.Model.CreatePredictionEngine<SampleRow, KeyPrediction>(transformer);
        var row = SampleTable.Row(5);
        var logits = SmallModel.Logits(row.Features, 3);
        Assert.AreEqual((uint)(Array.IndexOf(logits, logits.Max()) + 1), engine.Predict(row).PredictedLabel);
    }

    [TestMethod]
    public void NotANumberGivesNotANumber()
    {
        using var model = Model();
        using var engine = _context.Model.CreatePredictionEngine<SampleRow, Prediction>(model);
        var row = SampleTable.Row(1);
        row.Features[0] = float.NaN;
        var prediction = engine.Predict(row);
        Assert.IsTrue(float.IsNaN(prediction.Variance));
        Assert.AreEqual("", prediction.PredictedLabel);
        Check(SampleTable.Row(2), engine.Predict(SampleTable.Row(2)), "after a row that is not a number");
    }

    [TestMethod]
    public void ARowIsScoredWithoutAllocatingOnceTheFirstIs()
    {
        using var transformer = SmallModel.Transformer(_context);
        var table = _context.Data.Cache(SampleTable.Create(_context, 500), "Features");
        var mapper = transformer.GetRowToRowMapper(table.Schema);
        var wanted = new[] { "PredictedLabel", "Score", "Variance", "Uncertainty" }.Select(name => mapper.OutputSchema[name]).ToArray();
        using var cursor = table.GetRowCursor(mapper.GetDependencies(wanted));
        using var row = mapper.GetRow(cursor, wanted);
        var key = row.GetGetter<uint>(wanted[0]);
        var score = row.GetGetter<VBuffer<float>>(wanted[1]);
        var variance = row.GetGetter<float>(wanted[2]);
        VBuffer<float> scores = default;
        uint label = 0;
        float value = 0;
        long before = 0;
        for (var i = 0; cursor.MoveNext(); i++)
        {
            if (i == 10)
                before = GC.GetAllocatedBytesForCurrentThread();
            score(ref scores);
            key(ref label);
            variance(ref value);
        }
        Assert.IsLessThanOrEqualTo(1000L, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void ABatchIsReadWithoutAllocatingForEachRow()
    {
        using var transformer = SmallModel.Transformer(_context);
        var scored = transformer.Transform(_context.Data.Cache(SampleTable.Create(_context, 60_000), "Features", "Id"));
        using var cursor = scored.GetRowCursor([scored.Schema["Id"], scored.Schema["Features"], scored.Schema["Score"]]);
        var score = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        var features = cursor.GetGetter<VBuffer<float>>(scored.Schema["Features"]);
        VBuffer<float> values = default;
        long before = 0;
        for (var i = 0; cursor.MoveNext(); i++)
        {
            if (i == 20_000)
                before = GC.GetAllocatedBytesForCurrentThread();
            score(ref values);
            features(ref values);
        }
        Assert.IsLessThan(200_000L, GC.GetAllocatedBytesForCurrentThread() - before, "for 40,000 rows");
    }

    private TransformerChain<KeyToValueMappingTransformer> Model()
    {
        var transformer = SmallModel.Transformer(_context);
        var scored = transformer.Transform(SampleTable.Create(_context, 1));
        return new TransformerChain<KeyToValueMappingTransformer>(
            transformer, _context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored));
    }

    private static void Check(SampleRow row, Prediction prediction, string form)
    {
        var score = SmallModel.Score(row.Features, 3);
        for (var k = 0; k < 3; k++)
            Assert.AreEqual(score[k], prediction.Score[k], 1e-6f, form);
        Assert.AreEqual(SmallModel.Variance(row.Features), prediction.Variance, 1e-5f, form);
        Assert.AreEqual(((string[])["red", "green", "blue"])[Array.IndexOf(score, score.Max())], prediction.PredictedLabel, form);
    }

    private sealed class Prediction
    {
        public string PredictedLabel { get; set; } = "";

        public float[] Score { get; set; } = [];

        public float Variance { get; set; }
    }

    private sealed class KeyPrediction
    {
        public uint PredictedLabel { get; set; }
    }
}
