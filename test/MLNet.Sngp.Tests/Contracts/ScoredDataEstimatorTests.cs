using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Decisions;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Contracts;

/// <summary>What <c>Calibrate</c> and the steps after it, estimators whose <c>Fit</c> takes scored data, keep as the trainers do.</summary>
[TestClass]
public sealed class ScoredDataEstimatorTests
{
    private readonly MLContext _ml = new(seed: 1);

    public static IEnumerable<object[]> Estimators => [["Calibrate"], .. Steps];

    public static IEnumerable<object[]> Labelled => Estimators.Where(name => name[0] is not ("Novelty" or "Coverage"));

    private static IEnumerable<object[]> Steps => StepFormsTests.Steps;

    [TestMethod]
    [DynamicData(nameof(Estimators))]
    public void ThePromisedSchemaIsTheGivenOne(string name)
    {
        var table = TwoClusters.Load(_ml, TwoClusters.Rows(40));
        CheckPromise(Create(name), _ml.Sngp().Multiclass(TwoClusters.QuickOptions(epochs: 2)), Keyed(), table);
        var binary = _ml.Sngp().Binary(TwoClusters.QuickOptions(epochs: 2));
        CheckPromise(Create(name), binary, Promise<TwoClasses.Row>(), TwoClasses.Load(_ml, 40));
        var perClass = TwoClusters.QuickOptions(epochs: 2);
        perClass.Posterior.Covariance = PosteriorCovariance.PerClass;
        CheckPromise(Create(name), _ml.Sngp().Multiclass(perClass), Keyed(), table);
    }

    [TestMethod]
    public void TheCalibratedLabelIsPromisedAsAKeyAfterItsValues()
    {
        var trainer = _ml.Sngp().Multiclass(TwoClusters.QuickOptions(epochs: 2))
            .Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel"));
        CheckPromise(Create("Calibrate"), trainer, Keyed(), TwoClusters.Load(_ml, TwoClusters.Rows(40)));
    }

    [TestMethod]
    [DynamicData(nameof(Labelled))]
    public void BadInputIsRefusedAlikeBeforeAndInFit(string name)
    {
        var table = TwoClusters.Load(_ml, TwoClusters.Rows(40));
        using var model = _ml.Sngp().Multiclass(TwoClusters.QuickOptions(epochs: 2)).Fit(table);
        Refused<ArgumentOutOfRangeException>(Create(name, label: "Class"), "'Class'");
        Refused<ArgumentException>(Create(name, label: "Weight"), "'Weight'");
        Refused<ArgumentException>(Create(name, label: "PredictedLabel"), "predicts");

        void Refused<TException>(IEstimator<ITransformer> estimator, string because) where TException : ArgumentException
        {
            var before = Assert.ThrowsExactly<TException>(() => estimator.GetOutputSchema(Scored(Keyed())));
            var fitting = Assert.ThrowsExactly<TException>(() => estimator.Fit(model.Transform(table)));
            Assert.Contains(because, before.Message);
            // The order of columns is no part of a promise.
            Assert.AreEqual(before.Message.Split("whose columns are")[0], fitting.Message.Split("whose columns are")[0]);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Estimators))]
    public void DataWithoutScoresIsRefusedBeforeAndInFit(string name)
    {
        var estimator = Create(name);
        var before = Assert.Throws<ArgumentException>(() => estimator.GetOutputSchema(Keyed()));
        var fitting = Assert.Throws<ArgumentException>(() => estimator.Fit(TwoClusters.Load(_ml, TwoClusters.Rows(40))));
        Assert.AreEqual(before.GetType(), fitting.GetType());
        Assert.AreEqual(before.Message.Split("columns are")[0], fitting.Message.Split("columns are")[0]);
    }

    [TestMethod]
    [DynamicData(nameof(Estimators))]
    public void FittingTwiceAndLoadingGiveTheSameValues(string name)
    {
        using var model = _ml.Sngp().Multiclass(TwoClusters.QuickOptions()).Fit(TwoClusters.Load(_ml, TwoClusters.Rows(60)));
        var scored = model.Transform(TwoClusters.Load(_ml, TwoClusters.Rows(80, seed: 5)));
        var rows = TwoClusters.Load(_ml, TwoClusters.Rows(30, seed: 6));
        var chain = model.Append(Create(name).Fit(scored));
        var expected = Values(chain.Transform(rows));
        CollectionAssert.AreEqual(expected, Values(model.Append(Create(name).Fit(scored)).Transform(rows)));
        using var file = new MemoryStream();
        _ml.Model.Save(chain, rows.Schema, file);
        file.Position = 0;
        var loaded = new MLContext(2).Sngp().Load(file, out _);
        CollectionAssert.AreEqual(expected, Values(loaded.Transform(rows)));
        TransformerContract.Check(chain, rows, 30);
    }

    private IEstimator<ITransformer> Create(string name, string label = "Label") => name switch
    {
        "Calibrate" => _ml.Sngp().Calibrate(label),
        _ => StepFormsTests.Create(_ml, name, label),
    };

    private static void CheckPromise(
        IEstimator<ITransformer> estimator, IEstimator<ITransformer> trainer, SchemaShape promised, IDataView data)
    {
        var scored = trainer.Fit(data).Transform(data);
        var given = estimator.Fit(scored).GetOutputSchema(scored.Schema);
        TransformerContract.CheckPromise(estimator.GetOutputSchema(trainer.GetOutputSchema(promised)), given);
    }

    private static List<string> Values(IDataView view) => DataViewReader.Rows(view, [.. view.Schema.Where(column => !column.IsHidden)]);

    private SchemaShape Scored(SchemaShape input) => _ml.Sngp().Multiclass(TwoClusters.QuickOptions(epochs: 2)).GetOutputSchema(input);

    private SchemaShape Keyed() => _ml.Transforms.Conversion.MapValueToKey("Label").GetOutputSchema(Promise<TwoClusters.Row>());

    private SchemaShape Promise<TRow>() where TRow : class, new() =>
        _ml.Transforms.CustomMapping<NoColumns, TRow>((_, _) => { }, contractName: null).GetOutputSchema(new SchemaShape([]));

    private sealed class NoColumns;
}
