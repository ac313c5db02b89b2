using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Onnx;

/// <summary>What cannot be one ONNX file is named, and what does not matter is no obstacle.</summary>
[TestClass]
public sealed class PipelineOnnxErrorTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void AStepThatCannotBeConvertedIsNamed()
    {
        var table = WeatherTable.Create(_context, 20);
        var model = Model(table, _context.Transforms.ReplaceMissingValues("Temperature")
            .Append(_context.Transforms.CustomMapping<Measured, Doubled>((from, to) => to.Double = 2 * from.Temperature, null))
            .Append(_context.Transforms.Concatenate("Features", "Temperature", "Double", "Score")));
        var message = Refused(model, table);
        StringAssert.Contains(message, "Step 1.2 of the pipeline, CustomMappingTransformer<Measured, Doubled>,");
        StringAssert.Contains(message, "'Double'");
        StringAssert.Contains(message, "before the pipeline");
    }

    [TestMethod]
    public void AStepThatReplacesItsInputIsNotSilentlyLeftOut()
    {
        // ML.NET's converter would give a graph here in which the mapping, and the replacement before it, are missing.
        var table = WeatherTable.Create(_context, 20);
        var model = Model(table, _context.Transforms.ReplaceMissingValues("Score")
            .Append(_context.Transforms.CustomMapping<Measured, Replaced>((from, to) => to.Temperature = 2 * from.Temperature, null))
            .Append(_context.Transforms.Concatenate("Features", "Temperature", "Temperature", "Score")));
        StringAssert.Contains(Refused(model, table), "Step 1.2 of the pipeline, CustomMappingTransformer<Measured, Replaced>,");
    }

    [TestMethod]
    public void AColumnThatItsTransformCannotWriteIsNamed()
    {
        // Missing values of single precision can be replaced in ONNX, those of double precision not.
        var table = WeatherTable.Create(_context, 60);
        var model = Model(table, _context.Transforms.ReplaceMissingValues([new("Temperature"), new("Pressure")])
            .Append(_context.Transforms.Conversion.ConvertType("Converted", "Pressure"))
            .Append(_context.Transforms.Concatenate("Features", "Temperature", "Score", "Converted")));
        var message = Refused(model, table);
        StringAssert.Contains(message, "Step 1.1 of the pipeline, MissingValueReplacingTransformer,");
        StringAssert.Contains(message, "'Pressure'");
    }

    [TestMethod]
    public void AStepThatTheFeaturesDoNotDependOnMayBeAnything()
    {
        var table = WeatherTable.Create(_context, 20);
        var model = Model(table, _context.Transforms.CustomMapping<Measured, Doubled>((from, to) => to.Double = 2 * from.Temperature, null)
            .Append(_context.Transforms.Concatenate("Features", "Temperature", "Score", "Score"))
            .Append(_context.Transforms.DropColumns("Date")));
        CollectionAssert.AreEquivalent(
            new[] { "Temperature", "Score" }, OnnxRun.Inputs(OnnxRun.Save(model, _context, table, "other-step")));
    }

    [TestMethod]
    public void AnotherModelWhoseScoresAreFeaturesIsNamed()
    {
        var table = SampleTable.Create(_context, 5);
        using var first = SmallModel.Transformer(_context);
        using var second = SmallModel.Transformer(_context);
        var copy = _context.Transforms.CopyColumns("Features", "Score").Fit(first.Transform(table));
        StringAssert.Contains(
            Refused(new TransformerChain<ITransformer>(first, copy, second), table), "Step 1 of the pipeline, SngpTransformer,");
        using var third = SmallModel.Transformer(_context);
        CollectionAssert.AreEqual(new[] { "Features" }, OnnxRun.Inputs(
            OnnxRun.Save(new TransformerChain<ITransformer>(first, third), _context, table, "second-model")));
    }

    [TestMethod]
    public void OfTheStepsAfterTheModelSomeAreLeftOutAndOthersNamed()
    {
        var table = SampleTable.Create(_context, 20);
        using var model = SmallModel.Transformer(_context);
        var scored = model.Transform(table);
        var after = _context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Append(_context.Transforms.DropColumns("Logits"))
            .Fit(scored);
        var key = _context.Transforms.Conversion.MapValueToKey("Label").Fit(table);
        var onnx = OnnxRun.Save(new TransformerChain<ITransformer>(key, model, after), _context, table, "steps-after");
        Assert.AreEqual(typeof(string[]), OnnxRun.Run(onnx, table)["PredictedLabel"].GetType());

        var copy = _context.Transforms.CopyColumns("Copy", "Score").Fit(scored);
        var message = Assert.ThrowsExactly<NotSupportedException>(() => Save(new TransformerChain<ITransformer>(model, after, copy), table))
            .Message;
        StringAssert.Contains(message, "Step 3 of the pipeline, ColumnCopyingTransformer, comes after the model");
    }

    [TestMethod]
    public void APipelineWithoutAModelIsRefused()
    {
        var table = SampleTable.Create(_context, 3);
        var copy = _context.Transforms.CopyColumns("Copy", "Id").Fit(table);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => Save(copy, table)).Message, "ColumnCopyingTransformer");
        Assert.ThrowsExactly<ArgumentNullException>(() => Save(null!, table));
        Assert.ThrowsExactly<ArgumentNullException>(() => Save(copy, null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => copy.SaveAsOnnx(null!, table, Stream.Null));
        Assert.ThrowsExactly<ArgumentNullException>(() => copy.SaveAsOnnx(_context, table, (Stream)null!));
    }

    [TestMethod]
    public void SampleDataMustHaveTheColumns()
    {
        var table = SampleTable.Create(_context, 3);
        using var model = SmallModel.Transformer(_context);
        var other = WeatherTable.Create(_context, 3);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Save(model, other)).Message, "'Features'");
        var copy = _context.Transforms.CopyColumns("Copy", "Id").Fit(table);
        Assert.Throws<ArgumentException>(() => Save(new TransformerChain<ITransformer>(copy, model), other));
    }

    [TestMethod]
    public void WithNothingBeforeItTheModelIsWrittenAsItIs()
    {
        using var folder = new TemporaryFolder();
        using var model = SmallModel.Transformer(_context);
        var path = folder.File("model.onnx");
        new TransformerChain<ITransformer>(model).SaveAsOnnx(_context, SampleTable.Create(_context, 1), path);
        CollectionAssert.AreEqual(model.Model.OnnxBytes, File.ReadAllBytes(path));
        CollectionAssert.AreEqual(new[] { "model.onnx" }, folder.Files());
    }

    [TestMethod]
    public void AFailureLeavesTheOldFile()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("model.onnx"), "old");
        var table = SampleTable.Create(_context, 1);
        Assert.ThrowsExactly<ArgumentException>(
            () => _context.Transforms.CopyColumns("Copy", "Id").Fit(table).SaveAsOnnx(_context, table, folder.File("model.onnx")));
        Assert.AreEqual("old", File.ReadAllText(folder.File("model.onnx")));
    }

    [TestMethod]
    public void LoadOnnxSaysThatAFileIsAWholePipeline()
    {
        var table = SampleTable.Create(_context, 30);
        using var model = new TransformerChain<ITransformer>(_context.Transforms.Conversion.MapValueToKey("Label").Fit(table),
            SmallModel.Transformer(_context));
        using var stream = new MemoryStream(Save(model, table));
        StringAssert.Contains(Assert.ThrowsExactly<ModelFormatException>(() => _context.Sngp().LoadOnnx(stream)).Message, "ApplyOnnxModel");
    }

    private TransformerChain<ITransformer> Model(IDataView table, IEstimator<ITransformer> steps) =>
        new(steps.Fit(table), SmallModel.Transformer(_context));

    private string Refused(ITransformer model, IDataView table) => Assert.ThrowsExactly<NotSupportedException>(() => Save(model, table))
        .Message;

    private byte[] Save(ITransformer model, IDataView table)
    {
        using var stream = new MemoryStream();
        model.SaveAsOnnx(_context, table, stream);
        return stream.ToArray();
    }

    private sealed class Measured
    {
        public float Temperature { get; set; }
    }

    private sealed class Doubled
    {
        public float Double { get; set; }
    }

    private sealed class Replaced
    {
        public float Temperature { get; set; }
    }
}
