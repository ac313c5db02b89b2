using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Contracts;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Decisions;

[TestClass]
public sealed class NoveltyOnlyTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void AnotherModelKeepsItsColumnsAndGainsTwo()
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(300));
        var other = _ml.MulticlassClassification.Trainers.LbfgsMaximumEntropy().Fit(data);
        var watching = _ml.Sngp().NoveltyOnly(TwoClusters.QuickOptions(), 0.05).Fit(other.Transform(data));
        CollectionAssert.AreEqual(new[] { "Novelty", "IsNovel" }, watching.Model.Outputs.Select(output => output.Name).ToArray());
        var rows = TwoClusters.Load(_ml, [.. TwoClusters.Rows(200, seed: 5), new() { Features = [40, -40], Label = "low" }]);
        var chain = new TransformerChain<ITransformer>(other, watching);
        var scored = chain.Transform(rows);
        CollectionAssert.AreEqual(
            other.Transform(rows).GetColumn<float[]>("Score").SelectMany(row => row).ToArray(),
            scored.GetColumn<float[]>("Score").SelectMany(row => row).ToArray());
        var isNovel = scored.GetColumn<bool>("IsNovel").ToArray();
        Assert.IsTrue(isNovel[^1]);
        // 5 % asked of 60 rows and counted over 200: 0.05 ± 3·√(0.0475·(1/60 + 1/200)).
        Assert.IsLessThan((int)(200 * 0.147), isNovel.Count(novel => novel));
        using var file = new MemoryStream();
        _ml.Model.Save(chain, rows.Schema, file);
        file.Position = 0;
        CollectionAssert.AreEqual(isNovel, _ml.Sngp().Load(file, out _).Transform(rows).GetColumn<bool>("IsNovel").ToArray());
        file.Position = 0;
        CollectionAssert.AreEqual(isNovel, new MLContext().Model.Load(file, out _).Transform(rows).GetColumn<bool>("IsNovel").ToArray());
    }

    [TestMethod]
    public void ThePromisedSchemaIsTheGivenOneForKeysAndTruths()
    {
        var keyed = TwoClusters.Load(_ml, TwoClusters.Rows(200));
        var estimator = _ml.Sngp().NoveltyOnly(TwoClusters.QuickOptions(), 0.1);
        using var first = estimator.Fit(keyed);
        TransformerContract.CheckPromise(estimator.GetOutputSchema(Shape(keyed)), first.GetOutputSchema(keyed.Schema));
        var truths = TwoClasses.Load(_ml, 200);
        using var second = estimator.Fit(truths);
        TransformerContract.CheckPromise(estimator.GetOutputSchema(Shape(truths)), second.GetOutputSchema(truths.Schema));
        TransformerContract.Check(second, TwoClasses.Load(_ml, 20), 20);
    }

    [TestMethod]
    public void TheSameSeedGivesTheSameModel()
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(200));
        using var first = _ml.Sngp().NoveltyOnly(TwoClusters.QuickOptions(), 0.1).Fit(data);
        using var second = _ml.Sngp().NoveltyOnly(TwoClusters.QuickOptions(), 0.1).Fit(data);
        CollectionAssert.AreEqual(first.Model.Onnx.ToArray(), second.Model.Onnx.ToArray());
    }

    [TestMethod]
    public void WrongArgumentsAndTooFewRowsAreRefused()
    {
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Sngp().NoveltyOnly(falseAlarmRate: 0));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Sngp().NoveltyOnly(validationFraction: 1));
        Assert.ThrowsExactly<ArgumentException>(
            () => _ml.Sngp().NoveltyOnly(new SngpOptions { Training = { NumberOfEpochs = -1 } }));
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(100));
        Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Sngp().NoveltyOnly(TwoClusters.QuickOptions()).Fit(data));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => _ml.Sngp().NoveltyOnly(new SngpOptions { LabelColumnName = "Nowhere" }).Fit(data));
    }

    // What an estimator that changes nothing promises.
    private SchemaShape Shape(IDataView data) => data.Schema["Label"].Type is BooleanDataViewType
        ? Promise<TwoClasses.Row>()
        : _ml.Transforms.Conversion.MapValueToKey("Label").GetOutputSchema(Promise<TwoClusters.Row>());

    private SchemaShape Promise<TRow>() where TRow : class, new() =>
        _ml.Transforms.CustomMapping<NoColumns, TRow>((_, _) => { }, contractName: null).GetOutputSchema(new SchemaShape([]));

    private sealed class NoColumns;
}
