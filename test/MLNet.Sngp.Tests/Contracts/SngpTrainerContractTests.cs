using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Contracts;

/// <summary>A trained SNGP, from the promise of the estimator to the loaded file.</summary>
[TestClass]
public sealed class SngpTrainerContractTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void ThePromiseIsKept()
    {
        var table = TwoClusters.Load(_context, TwoClusters.Rows(60));
        using var model = Trainer().Fit(table);
        TransformerContract.CheckPromise(Trainer().GetOutputSchema(Shape()), model.GetOutputSchema(table.Schema));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(1025)]
    public void TheTransformerHoldsItsContract(int rows)
    {
        using var model = Trainer().Fit(TwoClusters.Load(_context, TwoClusters.Rows(60)));
        TransformerContract.Check(model, TwoClusters.Load(_context, TwoClusters.Rows(rows, seed: 2)), rows);
    }

    [TestMethod]
    public void SavedAndLoadedInEveryFormItGivesTheSame()
    {
        var table = TwoClusters.Load(_context, TwoClusters.Rows(60));
        using var model = Trainer().Fit(table);
        using var zip = new MemoryStream();
        _context.Model.Save(model, table.Schema, zip);
        using var onnx = new MemoryStream();
        model.SaveAsOnnx(onnx);
        zip.Position = onnx.Position = 0;
        var plain = _context.Model.Load(zip, out _);
        zip.Position = 0;
        using var batching = (SngpTransformer)_context.Sngp().Load(zip, out _);
        using var exported = (SngpTransformer)_context.Sngp().LoadOnnx(onnx);
        var expected = model.Transform(table).GetColumn<float[]>("Score").ToList();
        foreach (var loaded in new[] { plain, batching, exported })
        {
            var actual = loaded.Transform(table).GetColumn<float[]>("Score").ToList();
            for (var i = 0; i < expected.Count; i++)
                Assert.AreEqual(expected[i][0], actual[i][0], 1e-6f);
        }
        CollectionAssert.AreEqual(model.Model.OnnxBytes, batching.Model.OnnxBytes);
        Assert.AreEqual(model.KernelScale, batching.KernelScale);
        Assert.IsGreaterThan(0.0, model.KernelScale ?? 0);
        (plain as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void NotANumberGivesNotANumberInEveryColumn()
    {
        using var model = Trainer().Fit(TwoClusters.Load(_context, TwoClusters.Rows(60)));
        var rows = TwoClusters.Rows(3);
        rows[1].Features[0] = float.NaN;
        var scored = model.Transform(_context.Data.LoadFromEnumerable(rows));
        foreach (var column in (string[])["Variance", "Uncertainty"])
            CollectionAssert.AreEqual(new[] { false, true, false }, scored.GetColumn<float>(column).Select(float.IsNaN).ToArray(), column);
        foreach (var column in (string[])["Score", "Logits"])
            CollectionAssert.AreEqual(new[] { false, true, false }, scored.GetColumn<float[]>(column).Select(
                values => values.All(float.IsNaN)).ToArray(), column);
        CollectionAssert.AreEqual(new[] { false, true, false }, scored.GetColumn<uint>("PredictedLabel").Select(key => key == 0).ToArray());
    }

    [TestMethod]
    public void CrossValidationAndFeatureImportanceTakeIt()
    {
        var table = TwoClusters.Load(_context, TwoClusters.Rows(90));
        var folds = _context.MulticlassClassification.CrossValidate(table, Trainer(), numberOfFolds: 3);
        Assert.HasCount(3, folds);
        Assert.IsTrue(folds.All(fold => fold.Metrics.MicroAccuracy > 0.9));
        using var model = Trainer().Fit(table);
        var importance = _context.MulticlassClassification.PermutationFeatureImportance(model, model.Transform(table));
        Assert.HasCount(2, importance);
    }

    private SngpMulticlassTrainer Trainer() => _context.Sngp().Multiclass(TwoClusters.QuickOptions(epochs: 20));

    private SchemaShape Shape()
    {
        var source = _context.Transforms.CustomMapping<NoColumns, TwoClusters.Row>((_, _) => { }, contractName: null);
        return _context.Transforms.Conversion.MapValueToKey("Label").GetOutputSchema(source.GetOutputSchema(new SchemaShape([])));
    }

    private sealed class NoColumns;
}
