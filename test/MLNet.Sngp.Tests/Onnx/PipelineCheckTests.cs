using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Text;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Onnx;

/// <summary>A file that would not give what the pipeline gives is refused, with a remedy that works; one that does is written.</summary>
[TestClass]
public sealed class PipelineCheckTests
{
    private readonly MLContext _context = new(seed: 1);

    private TransformsCatalog Transforms => _context.Transforms;

    [TestMethod]
    [DataRow("hash", "Step 1.1 of the pipeline, HashingTransformer,", "OneHotEncoding", "one-hot")]
    [DataRow("one-hot hash", "Step 1 of the pipeline, OneHotHashEncodingTransformer,", "OneHotEncoding", "one-hot")]
    [DataRow("hash of NaN", "Step 1.1 of the pipeline, HashingTransformer,", "before the pipeline", "one-hot of NaN")]
    [DataRow("global contrast", "Step 1 of the pipeline, LpNormNormalizingTransformer,", "NormalizeLpNorm", "L2 norm")]
    [DataRow("L2 norm of zero mean", "Step 1 of the pipeline, LpNormNormalizingTransformer,", "NormalizeMeanVariance", "mean and variance")]
    [DataRow("largest norm", "Step 1 of the pipeline, LpNormNormalizingTransformer,", "NormalizeMinMax", "minimum and maximum")]
    [DataRow("bins", "Step 1 of the pipeline, NormalizingTransformer,", "NormalizeRobustScaling", "robust scaling")]
    [DataRow("log mean", "Step 1 of the pipeline, NormalizingTransformer,", "NormalizeMinMax", "minimum and maximum")]
    [DataRow("binary encoding", "Step 1 of the pipeline, OneHotEncodingTransformer,", "outputKind Indicator or Bag", "bag")]
    [DataRow("one-hot of a key", "Step 1.2 of the pipeline, OneHotEncodingTransformer,", "MapKeyToVector", "key to vector")]
    [DataRow("text", "Step 1 of the pipeline, TextFeaturizingEstimator.Transformer,",
        "CaseMode = None, KeepDiacritics = true, KeepPunctuations = true, KeepNumbers = true", "text as it is")]
    public void AStepThatDiffersIsNamedWithARemedyThatWorks(string steps, string step, string remedy, string remedied)
    {
        // "clear" and the like, but nothing empty or padded, nor NaN: the odd values are made.
        var table =
            _context.Data.LoadFromEnumerable(WeatherTable.Rows(40).Where(row => row.Sky.Length > 0 && !float.IsNaN(row.Temperature)));
        var message = Assert.ThrowsExactly<NotSupportedException>(() => Save(steps, table)).Message;
        StringAssert.StartsWith(message, step);
        StringAssert.Contains(message, remedy);
        StringAssert.Contains(message, "Or apply this step to the data before the pipeline");
        Assert.IsNotEmpty(Save(remedied, table));
    }

    [TestMethod]
    [DataRow("one-hot hash", "for a row with Sky = \"\", of column 'Features' it is 0 at slot")]
    [DataRow("largest norm",
        "for a row with Grid = [-4, -4, -4, -4, …], of column 'Features' it is -1 at slot 0 in the pipeline and 1 at slot 0 in the graph.")]
    public void TheMessageSaysWhichValueDiffers(string steps, string difference)
    {
        var table = _context.Data.LoadFromEnumerable(WeatherTable.Rows(40).Where(row => row.Sky.Length > 0));
        StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(() => Save(steps, table)).Message, difference);
    }

    [TestMethod]
    public void AStepAppliedBeforeThePipelineBecomesAnInput()
    {
        var table = WeatherTable.Create(_context, 40);
        var hashed = Transforms.Conversion.Hash("Hashed", "Sky", 3).Fit(table).Transform(table);
        var onnx = Save(Transforms.Conversion.MapKeyToVector("Features", "Hashed"), hashed);
        CollectionAssert.AreEqual(new[] { "Hashed" }, OnnxRun.Inputs(onnx));
    }

    [TestMethod]
    [DataRow("one-hot")]
    [DataRow("one-hot of NaN")]
    [DataRow("components")]
    [DataRow("words")]
    [DataRow("double precision")]
    [DataRow("vectors of two dimensions")]
    public void ATableWithoutRowsIsEnough(string steps)
    {
        var table = WeatherTable.Create(_context, 40);
        var fitted = Steps(steps).Fit(table);
        Assert.IsNotEmpty(Save(fitted, _context.Data.LoadFromEnumerable(new List<WeatherRow>())));
        Assert.IsNotEmpty(Save(fitted, table));
    }

    [TestMethod]
    public void ARowAtWhichThePipelineThrowsIsLeftOut()
    {
        var table = WeatherTable.Create(_context, 40);
        var guarded = new GuardedTransformer(Transforms.CopyColumns("Copy", "Temperature").Fit(table));
        var after = Transforms.Concatenate("Features", "Copy", "Score").Fit(guarded.Transform(table));
        Assert.IsNotEmpty(Save(new TransformerChain<ITransformer>(guarded, after), table));
        Assert.IsGreaterThan(0, guarded.NumberOfThrows);
    }

    [TestMethod]
    [DataRow("Score", "Score", null)]
    [DataRow("Score", "Logits", "Step 1 of the pipeline, SngpTransformer, gives other values in the joined graph")]
    [DataRow("PredictedLabel", "Best", "PredictedLabel is ")]
    public void TheModelsOutputsAreComparedToo(string output, string value, string? difference)
    {
        var table = SampleTable.Create(_context, 20);
        using var model = SmallModel.Transformer(_context);
        var check = new PipelineCheck([], new PipelineStep(model, "1"), [], new CheckedGraph(model.Model.ToProto(), holdsForOneRow: false),
            "Features", [(output, value)], CheckRows.Create(table, table.Schema, ["Features"]));
        if (difference is null)
            check.ThrowIfDifferent();
        else
            StringAssert.Contains(Assert.ThrowsExactly<NotSupportedException>(check.ThrowIfDifferent).Message, difference);
    }

    [TestMethod]
    public void TheNumberOfRowsIsBounded()
    {
        var table = _context.Data.LoadFromEnumerable(WeatherTable.Rows(1000));
        string[] inputs =
            ["Temperature", "Pressure", "Score", "Sky", "Month", "Windy", "Signs", "Grid", "Station", "Label", "Rain", "Amount"];
        Assert.AreEqual(131, CheckRows.Create(table, table.Schema, inputs).Count);
        var wide = table;
        for (var i = 0; i < 60; i++)
            wide = Transforms.CopyColumns($"Copy{i}", "Sky").Fit(wide).Transform(wide);
        Assert.AreEqual(
            CheckRows.MaximumRows, CheckRows.Create(wide, wide.Schema, [.. Enumerable.Range(0, 60).Select(i => $"Copy{i}")]).Count);
    }

    private IEstimator<ITransformer> Steps(string name) => name switch
    {
        "hash" => Transforms.Conversion.Hash("Hashed", "Sky", 4).Append(Transforms.Conversion.MapKeyToVector("Features", "Hashed")),
        "one-hot hash" => Transforms.Categorical.OneHotHashEncoding("Features", "Sky", numberOfBits: 3),
        "hash of NaN" => Transforms.Conversion.Hash("Hashed", "Temperature", 4)
        .Append(Transforms.Conversion.MapKeyToVector("Features", "Hashed")),
        "global contrast" => Transforms.NormalizeGlobalContrast("Features", "Grid"),
        "L2 norm of zero mean" => Transforms.NormalizeLpNorm("Features", "Grid", ensureZeroMean: true),
        "largest norm" => Transforms.NormalizeLpNorm("Features", "Grid", LpNormNormalizingEstimatorBase.NormFunction.Infinity),
        "bins" => Transforms.NormalizeBinning("Features", "Grid"),
        "log mean" => Transforms.NormalizeLogMeanVariance("Features", "Grid"),
        "binary encoding" => Transforms.Categorical.OneHotEncoding("Features", "Sky", OneHotEncodingEstimator.OutputKind.Binary),
        "one-hot of a key" => Transforms.Conversion.MapValueToKey("Key", "Sky")
        .Append(Transforms.Categorical.OneHotEncoding("Features", "Key")),
        "text" => Transforms.Text.FeaturizeText("Features", "Sky"),
        "one-hot" => Transforms.Categorical.OneHotEncoding("Features", "Sky"),
        "one-hot of NaN" => Transforms.Categorical.OneHotEncoding("Features", "Temperature"),
        "bag" => Transforms.Categorical.OneHotEncoding("Features", "Signs", OneHotEncodingEstimator.OutputKind.Bag),
        "key to vector" => Transforms.Conversion.MapValueToKey("Key", "Sky")
        .Append(Transforms.Conversion.MapKeyToVector("Features", "Key")),
        "L2 norm" => Transforms.NormalizeLpNorm("Features", "Grid"),
        "mean and variance" => Transforms.NormalizeMeanVariance("Features", "Grid", fixZero: false),
        "minimum and maximum" => Transforms.NormalizeMinMax("Features", "Grid"),
        "robust scaling" => Transforms.NormalizeRobustScaling("Features", "Grid"),
        "text as it is" => Transforms.Text.FeaturizeText("Features", AsItIs(), "Sky"),
        "components" => Transforms.ProjectToPrincipalComponents("Features", "Grid", rank: 2),
        "words" => Transforms.Text.ProduceWordBags("Features", "Sky"),
        "double precision" => Transforms.Conversion.ConvertType("Single", "Pressure")
        .Append(Transforms.Concatenate("Features", "Single", "Station")),
        _ => Transforms.Categorical.OneHotEncoding("Signs").Append(Transforms.Concatenate("Features", "Signs", "Grid")),
    };

    private static TextFeaturizingEstimator.Options AsItIs() => new()
    {
        CaseMode = TextNormalizingEstimator.CaseMode.None,
        KeepDiacritics = true,
        KeepPunctuations = true,
        KeepNumbers = true,
    };

    private byte[] Save(string steps, IDataView table) => Save(Steps(steps), table);

    private byte[] Save(IEstimator<ITransformer> steps, IDataView table) => Save(steps.Fit(table), table);

    private byte[] Save(ITransformer fitted, IDataView table)
    {
        var width = ((VectorDataViewType)fitted.GetOutputSchema(table.Schema)["Features"].Type).Size;
        using var model =
            new TransformerChain<ITransformer>(fitted, new SngpTransformer(_context, SmallModel.Create(numberOfFeatures: width)));
        using var stream = new MemoryStream();
        model.SaveAsOnnx(_context, table, stream);
        return stream.ToArray();
    }
}
