using Microsoft.ML;
using MLNet.Sngp.Scoring;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Contracts;

[TestClass]
public sealed class BinaryTransformerContractTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void HoldsAndKeepsItsPromise()
    {
        using var transformer = new SngpTransformer(_context, SmallBinaryModel.Create());
        var table = SampleTable.Create(_context, 1030);
        TransformerContract.Check(transformer, table, 1030);
        var input = _context.Transforms.CustomMapping<NoColumns, SampleRow>((_, _) => { }, contractName: null)
            .GetOutputSchema(new SchemaShape([]));
        TransformerContract.CheckPromise(
            OutputPromise.Of(input, SmallBinaryModel.Columns, input.First().Name), transformer.GetOutputSchema(table.Schema));
    }

    [TestMethod]
    public void EvaluateTakesItsColumns()
    {
        using var transformer = new SngpTransformer(_context, SmallBinaryModel.Create());
        var scored = transformer.Transform(SampleTable.Create(_context, 300));
        var labelled = _context.Transforms.CopyColumns("Label", "PredictedLabel").Fit(scored).Transform(scored);
        var metrics = _context.BinaryClassification.Evaluate(labelled);
        Assert.AreEqual(1.0, metrics.Accuracy);
        Assert.AreEqual(1.0, metrics.AreaUnderRocCurve, 1e-9);
    }

    private sealed class NoColumns;
}
