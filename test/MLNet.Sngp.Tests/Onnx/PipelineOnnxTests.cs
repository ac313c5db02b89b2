using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Transforms;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Onnx;

/// <summary>A whole pipeline as one ONNX file gives under ONNX Runtime alone what the pipeline gives.</summary>
[TestClass]
public sealed class PipelineOnnxTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void OneFileGivesThePipelinesScores()
    {
        using var model = WeatherPipeline("Label").Fit(WeatherTable.Create(_context, 400));
        var test = WeatherTable.Create(_context, 1000, seed: 2);
        var onnx = OnnxRun.Save(model, _context, test, "weather");
        CollectionAssert.AreEqual(new[] { "Temperature", "Pressure", "Sky", "Month", "Windy", "Station" }, OnnxRun.Inputs(onnx));
        CheckSame(model, test, onnx);
        var valued = _context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(model.Transform(test))
            .Transform(model.Transform(test));
        CollectionAssert.AreEqual(valued.GetColumn<string>("PredictedLabel").ToList(), OnnxRun.Run(onnx, test)["PredictedLabel"]);
    }

    [TestMethod]
    [DataRow("Label", typeof(string))]
    [DataRow("Rain", typeof(bool))]
    [DataRow("Amount", typeof(float))]
    [DataRow("Month", typeof(int))]
    public void ThePredictedLabelIsOfTheLabelsType(string label, Type type)
    {
        var table = WeatherTable.Create(_context, 200);
        using var model = WeatherPipeline(label).Fit(table);
        var predicted = OnnxRun.Run(OnnxRun.Save(model, _context, table, "weather-" + label), table)["PredictedLabel"];
        Assert.AreEqual(type, predicted.GetType().GetElementType());
        var scored = model.Transform(table);
        CollectionAssert.AreEqual(
            Texts(_context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored).Transform(scored), "PredictedLabel"),
            predicted.Cast<object>().Select(value => Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture)).ToList());
    }

    [TestMethod]
    [DataRow("Binary")]
    [DataRow("Deterministic")]
    [DataRow("MonteCarloDropout")]
    [DataRow("DeepEnsemble")]
    public void EveryMethodCanEndAPipeline(string method)
    {
        var table = WeatherTable.Create(_context, 120);
        var steps = _context.Transforms.ReplaceMissingValues("Temperature")
            .Append(_context.Transforms.Concatenate("Features", "Temperature", "Score"))
            .Append(_context.Transforms.NormalizeMeanVariance("Features", fixZero: false));
        IEstimator<ITransformer> pipeline = method switch
        {
            "Binary" => steps.Append(_context.Sngp().Binary("Rain", numberOfEpochs: 2, numberOfHiddenUnits: 8)),
            "Deterministic" => Keyed(steps).Append(_context.Sngp().Multiclass(Short(SngpOptions.Deterministic()))),
            "MonteCarloDropout" => Keyed(steps).Append(_context.Sngp().Multiclass(Short(SngpOptions.MonteCarloDropout(3)))),
            _ => Keyed(steps).Append(_context.Sngp()
            .Multiclass(
            new SngpOptions { NumberOfMembers = 2, Head = NetworkHead.Dense, Backbone =
            new ResidualMlp { SpectralNormBound = null, NumberOfHiddenUnits = 8 }, Training = { NumberOfEpochs = 2 } })),
        };
        var model = pipeline.Fit(table);
        var onnx = OnnxRun.Save(model, _context, table, "weather-" + method);
        CheckSame(model, table, onnx, ("Score", "Score.output"));
        var predicted = OnnxRun.Run(onnx, table)["PredictedLabel"];
        if (method == "Binary")
            CollectionAssert.AreEqual(model.Transform(table).GetColumn<bool>("PredictedLabel").ToList(), predicted);
        else
            Assert.AreEqual(typeof(string[]), predicted.GetType());
        (model as IDisposable)?.Dispose();
    }

    private static SngpOptions Short(SngpOptions options)
    {
        ((ResidualMlp)options.Backbone).NumberOfHiddenUnits = 8;
        options.Training.NumberOfEpochs = 2;
        return options;
    }

    [TestMethod]
    public void ARunMayHoldAnyNumberOfRows()
    {
        using var model = WeatherPipeline("Label").Fit(WeatherTable.Create(_context, 200));
        foreach (var rows in new[] { 1, 2, 17 })
        {
            var test = WeatherTable.Create(_context, rows, seed: rows);
            CheckSame(model, test, OnnxRun.Save(model, _context, test, "weather-rows"));
        }
    }

    [TestMethod]
    public void ColumnsMayHaveTheNamesOfTheModelsOwnValues()
    {
        var table = WeatherTable.Create(_context, 50);
        var names = _context.Transforms.CopyColumns("pipeline/model/x", "Windy")
            .Append(_context.Transforms.CopyColumns("PredictedLabel", "Station"))
            .Append(_context.Transforms.CopyColumns("MeanFieldFactor", "Score"))
            .Append(_context.Transforms.CopyColumns("Variance", "Score"))
            .Append(_context.Transforms.CopyColumns("Variance.output", "Score")).Fit(table).Transform(table);
        using var model = Over(names, _context.Transforms.Conversion.ConvertType([new("w", "pipeline/model/x"), new("s", "Score")])
            .Append(_context.Transforms.Concatenate(
            "Features", "w", "Temperature", "s", "PredictedLabel", "MeanFieldFactor", "Variance", "Variance.output")));
        var onnx = OnnxRun.Save(model, _context, names, "collisions", overridableCalibration: true);
        var results = OnnxRun.Run(onnx, names,
            NamedOnnxValue.CreateFromTensor("Sngp.Temperature", new DenseTensor<float>(new[] { SmallModel.Temperature }, [1])));
        CollectionAssert.AreEquivalent(
            new[] { "Score.output", "Variance.output.output", "Logits", "Uncertainty", "PredictedLabel.output" }, results.Keys);
        CheckSame(model, names, onnx, ("Score", "Score.output"), ("Variance", "Variance.output.output"));
        var hotter =
            OnnxRun.Run(onnx, names, NamedOnnxValue.CreateFromTensor("Sngp.Temperature", new DenseTensor<float>(new[] { 100f }, [1])));
        Assert.AreEqual(1f / 3, ((float[])hotter["Score.output"])[0], 0.05f);
        StringAssert.Contains(OnnxRun.Parse(onnx).MetadataProps.Single(entry => entry.Key == "mlnet_sngp.pipeline").Value,
            "\"Temperature\":\"Sngp.Temperature\"");
    }

    [TestMethod]
    public void ShapesThatTheConverterDeclaresWronglyAreSetRight()
    {
        // A normaliser straight after one-hot encoding, of one text and of two; columns of double precision and of two dimensions.
        var table = WeatherTable.Create(_context, 60);
        using var encoded = Over(table, _context.Transforms.Categorical.OneHotEncoding("Features", "Label")
            .Append(_context.Transforms.NormalizeMeanVariance("Features", fixZero: false)));
        CheckSame(encoded, table, OnnxRun.Save(encoded, _context, table, "one-hot"));
        using var real = Over(table, _context.Transforms.NormalizeMeanVariance("Pressure", fixZero: false)
            .Append(_context.Transforms.Conversion.ConvertType("Features", "Pressure"))
            .Append(_context.Transforms.Concatenate("Features", "Features", "Station")));
        CheckSame(real, table, OnnxRun.Save(real, _context, table, "double"));
        using var pairs = Over(table, _context.Transforms.Categorical.OneHotEncoding("Signs")
            .Append(_context.Transforms.NormalizeMinMax([new("Signs"), new("Grid")]))
            .Append(_context.Transforms.Concatenate("Features", "Signs", "Score", "Grid")));
        CheckSame(pairs, table, OnnxRun.Save(pairs, _context, table, "two-dimensions"), ("Score", "Score.output"));
    }

    [TestMethod]
    public void RawFeaturesUnderOtherStepsAreAnInput()
    {
        var table = SampleTable.Create(_context, 30);
        using var model = new TransformerChain<ITransformer>(_context.Transforms.Conversion.MapValueToKey("Label").Fit(table),
            SmallModel.Transformer(_context));
        var onnx = OnnxRun.Save(model, _context, table, "raw-features");
        CollectionAssert.AreEqual(new[] { "Features" }, OnnxRun.Inputs(onnx));
        CheckSame(model, table, onnx);
    }

    [TestMethod]
    public void NestedChainsScopesAndDerivedTablesMakeNoDifference()
    {
        // The table is itself the result of transforms, one of which cannot be converted; the graph starts from the table.
        var raw = WeatherTable.Create(_context, 80);
        var table = _context.Data.FilterRowsByColumn(_context.Transforms.CopyColumns("Copy", "Temperature").Fit(raw).Transform(raw),
            "Pressure", 1000, 1031);
        var inner = _context.Transforms.ReplaceMissingValues("Copy").Append(_context.Transforms.Concatenate("Features", "Copy", "Score"))
            .Fit(table);
        var dropped = _context.Transforms.CopyColumns("Features", "Station").Fit(table);
        var joined = _context.Transforms.Concatenate("Features", "Features", "Score").Fit(inner.Transform(table));
        var select = _context.Transforms.SelectColumns("Features").Fit(joined.Transform(inner.Transform(table)));
        using var model = new TransformerChain<ITransformer>(
            [inner, dropped, new TransformerChain<ITransformer>(joined, select, SmallModel.Transformer(_context))],
            [TransformerScope.Everything, TransformerScope.TrainTest, TransformerScope.Everything]);
        var onnx = OnnxRun.Save(model, _context, table, "nested");
        CollectionAssert.AreEquivalent(new[] { "Copy", "Score" }, OnnxRun.Inputs(onnx));
        CheckSame(model, table, onnx, ("Score", "Score.output"));
    }

    [TestMethod]
    public void AZipFileCanBecomeAnOnnxFile()
    {
        var table = WeatherTable.Create(_context, 100);
        using var model = WeatherPipeline("Label").Fit(table);
        using var zip = new MemoryStream();
        _context.Model.Save(model, table.Schema, zip);
        zip.Position = 0;
        var loaded = _context.Sngp().Load(zip, out _);
        CheckSame(model, table, OnnxRun.Save(loaded, _context, table, "weather-zip"));
        (loaded as IDisposable)?.Dispose();
    }

    private IEstimator<TransformerChain<SngpTransformer>> WeatherPipeline(string label) =>
        _context.Transforms.ReplaceMissingValues([new("Temperature"), new("Station")])
            .Append(_context.Transforms.Categorical.OneHotEncoding([new("SkyVector", "Sky"), new("MonthVector", "Month")]))
            .Append(_context.Transforms.Conversion.ConvertType([new("Windy"), new("Pressure")]))
            .Append(_context.Transforms.Concatenate("Features", "Temperature", "Station", "SkyVector", "MonthVector", "Windy", "Pressure"))
            .Append(_context.Transforms.NormalizeMeanVariance("Features", fixZero: false))
            .Append(_context.Transforms.Conversion.MapValueToKey("Label", label))
            .Append(_context.Sngp().Multiclass(TwoClusters.QuickOptions()));

    private EstimatorChain<ITransformer> Keyed(EstimatorChain<NormalizingTransformer> steps) =>
        steps.Append<ITransformer>(_context.Transforms.Conversion.MapValueToKey("Label"));

    /// <summary>The steps and, after them, a model made by hand for as many features as they give.</summary>
    private TransformerChain<ITransformer> Over(IDataView table, IEstimator<ITransformer> steps)
    {
        var fitted = steps.Fit(table);
        var width = ((VectorDataViewType)fitted.GetOutputSchema(table.Schema)["Features"].Type).Size;
        return new TransformerChain<ITransformer>(fitted, new SngpTransformer(_context, SmallModel.Create(numberOfFeatures: width)));
    }

    private static void CheckSame(ITransformer model, IDataView table, byte[] onnx, params (string Name, string Renamed)[] renamed)
    {
        var expected = model.Transform(table);
        var actual = OnnxRun.Run(onnx, table);
        Assert.IsGreaterThanOrEqualTo(3, actual.Values.Count(values => values is float[]));
        foreach (var (output, values) in actual)
        {
            var name = renamed.FirstOrDefault(pair => pair.Renamed == output).Name ?? output;
            if (name == "PredictedLabel" || values is not float[] given)
                continue;
            var wanted = expected.Schema[name].Type is VectorDataViewType
                ? expected.GetColumn<float[]>(name).SelectMany(row => row).ToArray()
                : expected.GetColumn<float>(name).ToArray();
            Assert.HasCount(wanted.Length, given);
            for (var i = 0; i < wanted.Length; i++)
            {
                var tolerance = name is "Score" or "Uncertainty" ? 1e-5f : 1e-4f * (1 + MathF.Abs(wanted[i]));
                Assert.IsTrue(MathF.Abs(wanted[i] - given[i]) <= tolerance || (float.IsNaN(wanted[i]) && float.IsNaN(given[i])),
                    $"{name} {i}: {wanted[i]} {given[i]}");
            }
        }
    }

    private static List<string?> Texts(IDataView table, string column)
    {
        using var cursor = table.GetRowCursor([table.Schema[column]]);
        var value = DataViewReader.Value(cursor, table.Schema[column]);
        var texts = new List<string?>();
        while (cursor.MoveNext())
            texts.Add(value());
        return texts;
    }
}
