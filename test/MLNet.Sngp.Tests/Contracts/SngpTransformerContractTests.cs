using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Scoring;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Contracts;

[TestClass]
public sealed class SngpTransformerContractTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow(0)]
    [DataRow(1)]
    [DataRow(2)]
    [DataRow(1023)]
    [DataRow(1024)]
    [DataRow(1025)]
    public void HoldsForEveryNumberOfRows(int rows)
    {
        using var transformer = SmallModel.Transformer(_context);
        TransformerContract.Check(transformer, SampleTable.Create(_context, rows), rows);
    }

    [TestMethod]
    public void HoldsOverACacheThatShufflesAndSplits()
    {
        using var transformer = SmallModel.Transformer(_context);
        TransformerContract.Check(transformer, _context.Data.Cache(SampleTable.Create(_context, 1500)), 1500);
    }

    [TestMethod]
    public void HoldsOnItsOwnOutputWhoseColumnsItHides()
    {
        using var transformer = SmallModel.Transformer(_context);
        var twice = transformer.Transform(SampleTable.Create(_context, 100));
        TransformerContract.Check(transformer, twice, 100);
        var schema = transformer.Transform(twice).Schema;
        Assert.AreEqual(2, schema.Count(column => column.Name == "Score"));
        Assert.AreEqual(schema.Last(column => column.Name == "Score" && column.IsHidden).Index + 1, schema["Score"].Index);
    }

    [TestMethod]
    public void HoldsWithAVarianceForEachClass()
    {
        using var transformer = new SngpTransformer(_context, SmallModel.Create(variancePerClass: true));
        TransformerContract.Check(transformer, SampleTable.Create(_context, 200), 200);
        var promise = OutputPromise.Of(InputShape(), SmallModel.Columns(variancePerClass: true), "Label");
        TransformerContract.CheckPromise(promise, transformer.GetOutputSchema(Keyed().Schema));
    }

    [TestMethod]
    public void ThePromiseOfATrainerIsWhatTheTransformerGives()
    {
        using var transformer = SmallModel.Transformer(_context);
        TransformerContract.CheckPromise(
            OutputPromise.Of(InputShape(), SmallModel.Columns(), "Label"), transformer.GetOutputSchema(Keyed().Schema));
    }

    [TestMethod]
    public void ColumnsHaveTheTypesOfTheDocumentation()
    {
        using var transformer = SmallModel.Transformer(_context);
        var schema = transformer.GetOutputSchema(SampleTable.Create(_context, 1).Schema);
        var expected = new[]
        {
            "PredictedLabel: Key<UInt32, 0-2> KeyValues:Vector<String, 3>=[red,green,blue]",
            "Score: Vector<Single, 3> SlotNames:Vector<String, 3>=[red,green,blue]",
            "Variance: Single",
            "Logits: Vector<Single, 3> SlotNames:Vector<String, 3>=[red,green,blue]",
            "Uncertainty: Single",
        };
        CollectionAssert.AreEqual(expected, DataViewReader.Describe(schema).TakeLast(5).ToList());
    }

    [TestMethod]
    public void WrongFeaturesAreNamedBeforeAnyRowIsRead()
    {
        using var transformer = SmallModel.Transformer(_context);
        Refuse(transformer, _context.Data.LoadFromEnumerable(new[] { new { Other = 1f } }),
            "The feature column 'Features' is not in the input");
        Refuse(transformer, _context.Data.LoadFromEnumerable(new[] { new Doubles() }), "must be a vector of Single");
        Refuse(transformer, _context.Data.LoadFromEnumerable(new[] { new Short() }), "has 2 elements and the model was trained on 3");
        Refuse(transformer, _context.Data.LoadFromEnumerable(new[] { new Variable() }), "variable length");
        Refuse(transformer, _context.Data.LoadFromEnumerable(new[] { new Scalar() }), "must be a vector of Single");
    }

    private static void Refuse(SngpTransformer transformer, IDataView input, string because)
    {
        foreach (var attempt in (
            Action[])[() => transformer.Transform(input), () => transformer.GetOutputSchema(input.Schema), () =>
            transformer.GetRowToRowMapper(input.Schema)])
            StringAssert.Contains(Assert.Throws<ArgumentOutOfRangeException>(attempt).Message, because);
    }

    private IDataView Keyed()
    {
        var table = SampleTable.Create(_context, 10);
        return _context.Transforms.Conversion.MapValueToKey("Label").Fit(table).Transform(table);
    }

    private SchemaShape InputShape()
    {
        var mapping = _context.Transforms.CustomMapping<NoColumns, SampleRow>((_, _) => { }, contractName: null);
        return _context.Transforms.Conversion.MapValueToKey("Label").GetOutputSchema(mapping.GetOutputSchema(new SchemaShape([])));
    }

    private sealed class NoColumns;

    private sealed class Doubles
    {
        [VectorType(3)]
        public double[] Features { get; set; } = new double[3];
    }

    private sealed class Short
    {
        [VectorType(2)]
        public float[] Features { get; set; } = new float[2];
    }

    private sealed class Variable
    {
        public float[] Features { get; set; } = new float[3];
    }

    private sealed class Scalar
    {
        public float Features { get; set; }
    }
}
