using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Decisions;

/// <summary>What a step adds is part of the model: saved, loaded, exported, the same in every form and at every fit.</summary>
[TestClass]
public sealed class StepFormsTests
{
    private readonly MLContext _ml = new(1);

    public static IEnumerable<object[]> Steps => [["Novelty"], ["Decide"], ["Coverage"], ["Numbers"], ["Sets"], ["SetsPerClass"]];

    [TestMethod]
    [DynamicData(nameof(Steps))]
    public void TheGraphOfTheModelGivesTheSameValues(string step)
    {
        var (model, rows) = Fit(step);
        using var stream = new MemoryStream();
        model.SaveAsOnnx(stream);
        OnnxRun.Keep(stream.ToArray(), "step-" + step);
        using var loaded = _ml.Sngp().LoadOnnx(new MemoryStream(stream.ToArray()));
        CollectionAssert.AreEqual(Values(model.Transform(rows)), Values(loaded.Transform(rows)));
        var results = OnnxRun.Run(stream.ToArray(), rows);
        var scored = model.Transform(rows);
        foreach (var column in model.Model.Outputs.Where(column => column.IsFitted))
            AssertSame(scored, column, results[column.Name]);
        model.Dispose();
    }

    [TestMethod]
    [DynamicData(nameof(Steps))]
    public void TheZipOfMLNetGivesTheSameValues(string step)
    {
        var (model, rows) = Fit(step);
        using var file = new MemoryStream();
        _ml.Model.Save(model, rows.Schema, file);
        file.Position = 0;
        var plain = new MLContext().Model.Load(file, out _).Transform(rows);
        var expected = model.Transform(rows);
        foreach (var column in model.Model.Outputs.Where(column => column.IsFitted))
        {
            Assert.AreEqual(expected.Schema[column.Name].Type, plain.Schema[column.Name].Type, column.Name);
            CollectionAssert.AreEqual(
                DataViewReader.Rows(expected, [expected.Schema[column.Name]]), DataViewReader.Rows(plain, [plain.Schema[column.Name]]));
        }
        file.Position = 0;
        CollectionAssert.AreEqual(Values(expected), Values(_ml.Sngp().Load(file, out _).Transform(rows)));
        model.Dispose();
    }

    [TestMethod]
    [DynamicData(nameof(Steps))]
    public void TheGraphOfThePipelineGivesTheSameValues(string step)
    {
        var pipeline = _ml.Transforms.NormalizeMeanVariance("Features", fixZero: false)
            .Append(_ml.Sngp().Multiclass(TwoClusters.QuickOptions()));
        var first = pipeline.Fit(TwoClusters.Load(_ml, TwoClusters.Rows(100)));
        var whole = first.Append(Create(_ml, step).Fit(first.Transform(TwoClusters.Load(_ml, TwoClusters.Rows(300, seed: 5)))));
        var rows = _ml.Data.LoadFromEnumerable(TwoClusters.Rows(40, seed: 6));
        var onnx = OnnxRun.Save(whole, _ml, rows, "pipeline-" + step);
        CollectionAssert.AreEqual(new[] { "Features" }, OnnxRun.Inputs(onnx).ToArray());
        var results = OnnxRun.Run(onnx, rows);
        foreach (var column in whole.LastTransformer.Model.Outputs.Where(column => column.IsFitted))
            AssertSame(whole.Transform(rows), column, results[column.Name]);
    }

    [TestMethod]
    [DynamicData(nameof(Steps))]
    public void FittingAgainGivesTheSameFile(string step)
    {
        using var first = Fit(step).Model;
        using var second = Fit(step).Model;
        CollectionAssert.AreEqual(first.Model.Onnx.ToArray(), second.Model.Onnx.ToArray());
    }

    /// <summary>Makes a step of each kind.</summary>
    internal static ValidationStepEstimator Create(MLContext ml, string step, string label = "Label") => step switch
    {
        "Novelty" => ml.Sngp().Novelty(0.05),
        "Decide" => ml.Sngp().Decide(maximumRisk: 0.2, confidence: 0.8, labelColumnName: label),
        "Coverage" => ml.Sngp().Decide(new DecisionOptions { MinimumCoverage = 0.5 }),
        "Numbers" => ml.Sngp().Decide(new DecisionOptions
        {
            MaximumRisk = 0.3, Confidence = 0.6, MaximumNoveltyScore = 0.5f, OutputColumnName = "Send", ReasonColumnName = "Why",
            LabelColumnName = label,
        }),
        "Sets" => ml.Sngp().ConformalSets(0.8, labelColumnName: label),
        "SetsPerClass" => ml.Sngp().ConformalSets(0.7, perClass: true, labelColumnName: label),
        _ => throw new ArgumentException(step),
    };

    private (SngpTransformer Model, IDataView Rows) Fit(string step)
    {
        using var model = _ml.Sngp().Multiclass(TwoClusters.QuickOptions()).Fit(TwoClusters.Load(_ml, TwoClusters.Rows(100)));
        var validation = model.Transform(TwoClusters.Load(_ml, TwoClusters.Rows(300, seed: 5)));
        List<TwoClusters.Row> rows = [.. TwoClusters.Rows(40, seed: 6), new() { Features = [40, -40] },
            new() { Features = [0, 0] }, new() { Features = [float.NaN, 0] }];
        return (Create(_ml, step).Fit(validation), _ml.Data.LoadFromEnumerable(rows));
    }

    private static void AssertSame(IDataView scored, OutputColumn column, Array given)
    {
        var expected = (column.Kind, column.IsVector) switch
        {
            (ColumnKind.Single, false) => scored.GetColumn<float>(column.Name).ToArray(),
            (ColumnKind.Boolean, false) => scored.GetColumn<bool>(column.Name).ToArray(),
            (ColumnKind.Boolean, true) => (Array)scored.GetColumn<bool[]>(column.Name).SelectMany(row => row).ToArray(),
            (ColumnKind.Reason, false) when given is string[] => Reasons(scored, column.Name),
            (ColumnKind.Reason, false) => scored.GetColumn<uint>(column.Name).ToArray(),
            _ => throw new ArgumentException(column.Name),
        };
        CollectionAssert.AreEqual(expected, given, column.Name);
    }

    private static string[] Reasons(IDataView scored, string name) =>
        [.. scored.GetColumn<uint>(name).Select(key => key == 0 ? "" : DecisionReasons.Labels.Names[(int)key - 1])];

    private static List<string> Values(IDataView view) => DataViewReader.Rows(view, [.. view.Schema.Where(column => !column.IsHidden)]);
}
