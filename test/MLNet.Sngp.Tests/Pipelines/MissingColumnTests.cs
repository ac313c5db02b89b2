using System.Reflection;
using System.Text.RegularExpressions;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Regression;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Pipelines;

/// <summary>
/// A column that is not there is one exception, whoever looks for it: of one type, with role, name, the columns that there are, and a
/// remedy.
/// </summary>
[TestClass]
public sealed partial class MissingColumnTests
{
    // Methods of the inference package that take the name of a column; each has a test here.
    private static readonly string[] Covered =
        ["BinaryPermutationFeatureImportance", "Calibrate", "ConformalRegression", "ConformalSets", "Decide", "Evaluate",
            "EvaluateIntervals", "EvaluateOutOfDomain", "PermutationFeatureImportance", "RegressionPermutationFeatureImportance"];

    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    [DynamicData(nameof(Methods.All), typeof(Methods))]
    public void Training(string method)
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(20));
        foreach (var (role, configure) in Roles())
        {
            Check(role, () => Methods.Create(_ml, method, configure).Fit(data));
            Check(role, () => Methods.Create(_ml, method, configure).GetOutputSchema(Promise()));
        }
    }

    [TestMethod]
    public void TrainingABinaryModel()
    {
        foreach (var (role, configure) in Roles())
        {
            var options = TwoClusters.QuickOptions();
            configure(options);
            Check(role, () => _ml.Sngp().Binary(options).Fit(TwoClasses.Load(_ml, 20)));
        }
    }

    [TestMethod]
    public void Scoring()
    {
        using var model = new SngpTransformer(_ml, SmallModel.Create(featureColumn: "Nowhere"));
        var data = SampleTable.Create(_ml, 2);
        Check("feature", () => model.Transform(data));
        Check("feature", () => model.GetOutputSchema(data.Schema));
        Check("feature", () => model.GetRowToRowMapper(data.Schema));
    }

    [TestMethod]
    public void Evaluation()
    {
        var (scored, binary) = (Scored(), ScoredBinary());
        Check("label", () => _ml.Sngp().Evaluate(scored, "Nowhere"));
        Check("score", () => _ml.Sngp().Evaluate(scored, scoreColumnName: "Nowhere"));
        Check("probability", () => _ml.Sngp().Evaluate(binary, scoreColumnName: "Nowhere"));
        Check("uncertainty", () => _ml.Sngp().Evaluate(scored, uncertaintyColumnName: "Nowhere"));
        Check("uncertainty", () => _ml.Sngp().EvaluateOutOfDomain(scored, scored, "Nowhere"));
        Check("uncertainty", () => _ml.Sngp().EvaluateOutOfDomain(scored, Without(scored, "Variance")), "Variance");
        Check("uncertainty", () => _ml.Sngp().EvaluateOutOfDomain(Without(scored, "Variance"), scored), "Variance");
        var unscored = TwoClusters.Load(_ml, TwoClusters.Rows(2));
        Check("uncertainty", () => _ml.Sngp().EvaluateOutOfDomain(unscored, unscored), "Uncertainty");
    }

    [TestMethod]
    public void Calibration()
    {
        Check("label", () => _ml.Sngp().Calibrate("Nowhere").Fit(Scored()));
        Check("label", () => _ml.Sngp().Calibrate("Nowhere").GetOutputSchema(ScoredPromise()));
        Check("feature", () => _ml.Sngp().Calibrate().Fit(Without(Scored(), "Features")), "Features");
    }

    [TestMethod]
    public void Decision()
    {
        var sngp = _ml.Sngp();
        Check("label", () => sngp.Decide(0.5, labelColumnName: "Nowhere").Fit(Scored()));
        Check("label", () => sngp.Decide(0.5, labelColumnName: "Nowhere").GetOutputSchema(ScoredPromise()));
        Check("label", () => sngp.ConformalSets(labelColumnName: "Nowhere").Fit(Scored()));
        Check("label", () => sngp.EvaluateIntervals(ScoredNumbers(), "Nowhere"));
        Check("label", () => sngp.ConformalRegression(labelColumnName: "Nowhere").Fit(ScoredNumbers()));
        Check("label", () => sngp.ConformalSets(labelColumnName: "Nowhere").GetOutputSchema(ScoredPromise()));
        foreach (var (role, estimator) in ((string, ValidationStepEstimator)[])[
            ("uncertainty", sngp.Decide(new DecisionOptions { UncertaintyColumnName = "Nowhere" })),
            ("novelty", sngp.Novelty(0.5, ["Nowhere"]))])
        {
            // Of the model's columns, not of the table's.
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => estimator.Fit(Scored()));
            Assert.Contains($"The {role} column 'Nowhere' is not in the input, whose columns are Score, Variance", error.Message);
        }
        ITransformer deciding = sngp.Decide(new DecisionOptions()).Fit(Scored());
        Check("feature", () => deciding.Transform(Without(Scored(), "Features")), "Features");
    }

    [TestMethod]
    public void FeatureImportance()
    {
        var chain = Pipeline().Fit(Raw());
        var binary = _ml.Transforms.CopyColumns("Copy", "Weight").Append(_ml.Sngp().Binary(TwoClusters.QuickOptions()))
            .Fit(TwoClasses.Load(_ml, 20));
        Check("label", () => _ml.MulticlassClassification.PermutationFeatureImportance(chain, Raw(), "Nowhere"));
        Check("label", () => _ml.Sngp().PermutationFeatureImportance(chain, Raw(), "Nowhere"));
        Check("label", () => _ml.BinaryClassification.PermutationFeatureImportance(binary, TwoClasses.Load(_ml, 20), "Nowhere"));
        Check("label", () => _ml.Sngp().BinaryPermutationFeatureImportance(binary, TwoClasses.Load(_ml, 20), "Nowhere"));
        Check("label", () => _ml.Regression.PermutationFeatureImportance(binary, TwoClasses.Load(_ml, 20), "Nowhere"));
        Check("label", () => _ml.Sngp().RegressionPermutationFeatureImportance(binary, TwoClasses.Load(_ml, 20), "Nowhere"));
        Check("input", () => _ml.Sngp().PermutationFeatureImportance(chain, Without(Raw(), "Features")), "Features");
        Check("feature", () => _ml.Sngp().PermutationFeatureImportance(chain.LastTransformer, Raw()), "Joined");
    }

    [TestMethod]
    public void Export()
    {
        var chain = Pipeline().Fit(Raw());
        Check("input", () => Save(chain, Without(Raw(), "Features")), "Features");
        Check("feature", () => Save(chain.LastTransformer, Raw()), "Joined");

        object Save(ITransformer model, IDataView data)
        {
            model.SaveAsOnnx(_ml, data, Stream.Null);
            return model;
        }
    }

    [TestMethod]
    public void EveryMethodThatTakesAColumnIsTestedHere()
    {
        var taking = typeof(SngpTransformer).Assembly.GetExportedTypes()
            .SelectMany(
            type => type.GetMethods(BindingFlags.Public | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly))
            .Where(method => method.GetParameters().Any(parameter => parameter.Name!.EndsWith("olumnName", StringComparison.Ordinal)));
        CollectionAssert.AreEquivalent(Covered, taking.Select(method => method.Name).Distinct().ToList());
    }

    [TestMethod]
    public void OfAWideTableTheFirstColumnsAreNamed()
    {
        var error = MissingColumn.Of("label", "Y", [.. Enumerable.Range(0, 1000).Select(i => $"C{i}")], "Name it.");
        Assert.EndsWith("C38, C39 and 960 more. Name it. (Parameter 'input')", error.Message);
    }

    private static void Check(string role, Func<object> act, string column = "Nowhere")
    {
        var message = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => act()).Message;
        var parts = Form().Match(message);
        Assert.IsTrue(parts.Success, message);
        Assert.AreEqual((role, column), (parts.Groups[1].Value, parts.Groups[2].Value), message);
        Assert.Contains("Label", parts.Groups[3].Value);
    }

    private static (string, Action<SngpOptions>)[] Roles() =>
    [
        ("label", options => options.LabelColumnName = "Nowhere"),
        ("feature", options => options.FeatureColumnName = "Nowhere"),
        ("example weight", options => options.ExampleWeightColumnName = "Nowhere"),
    ];

    private IDataView Without(IDataView data, string column) => _ml.Transforms.DropColumns(column).Fit(data).Transform(data);

    private IDataView Scored()
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(20));
        return Methods.Create(_ml, "Sngp").Fit(data).Transform(data);
    }

    private IDataView ScoredNumbers()
    {
        var data = Waves.Load(_ml, 20);
        return _ml.Sngp().Regression(Waves.Options(epochs: 1)).Fit(data).Transform(data);
    }

    private IDataView ScoredBinary() => TwoClasses.Train(_ml).Transform(TwoClasses.Load(_ml, 20));

    private IDataView Raw() => _ml.Data.LoadFromEnumerable(TwoClusters.Rows(20));

    private EstimatorChain<SngpTransformer> Pipeline()
    {
        var options = TwoClusters.QuickOptions();
        options.FeatureColumnName = "Joined";
        return _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.Concatenate("Joined", "Features", "Weight")).Append(_ml.Sngp().Multiclass(options));
    }

    private SchemaShape Promise() => _ml.Transforms.Conversion.MapValueToKey("Label").GetOutputSchema(
        _ml.Transforms.CustomMapping<NoColumns, TwoClusters.Row>((_, _) => { }, contractName: null).GetOutputSchema(new SchemaShape([])));

    private SchemaShape ScoredPromise() => Methods.Create(_ml, "Sngp").GetOutputSchema(Promise());

    [GeneratedRegex(
        @"^The (\w+(?: \w+)?) column '([^']+)' is not in the input, whose columns are ([^.]+)\. [A-Z].+\. \(Parameter 'input'\)$")]
    private static partial Regex Form();

    private sealed class NoColumns;
}
