using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms.Onnx;
using MLNet.Sngp.Tests.Model;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Onnx;

/// <summary>ML.NET's own ONNX transformer runs our files.</summary>
[TestClass]
public sealed class ApplyOnnxModelTests
{
    private readonly MLContext _context = new(seed: 1);

    public static IEnumerable<object[]> EveryKind => ClassLabelsTests.EveryKind;

    [TestMethod]
    public void AModelsFileGivesItsOutputs()
    {
        using var folder = new TemporaryFolder();
        var table = SampleTable.Create(_context, 20);
        using var model = SmallModel.Transformer(_context);
        model.SaveAsOnnx(folder.File("model.onnx"));
        OnnxRun.Keep(model.Model.OnnxBytes, "model");
        using var applied = _context.Transforms.ApplyOnnxModel(folder.File("model.onnx")).Fit(table);
        CheckSame(model.Transform(table), applied.Transform(table));
        CollectionAssert.AreEqual(model.Transform(table).GetColumn<uint>("PredictedLabel").ToList(),
            applied.Transform(table).GetColumn<uint[]>("PredictedLabel").Select(row => row.Single()).ToList());
    }

    [TestMethod]
    public void APipelinesFileTakesRawColumns()
    {
        using var folder = new TemporaryFolder();
        var table = WeatherTable.Create(_context, 40);
        var steps = _context.Transforms.ReplaceMissingValues("Temperature")
            .Append(_context.Transforms.Categorical.OneHotEncoding("SkyVector", "Sky"))
            .Append(_context.Transforms.Conversion.ConvertType("WindyNumber", "Windy"))
            .Append(_context.Transforms.Concatenate("Features", "Temperature", "SkyVector", "WindyNumber", "Score", "Station"))
            .Append(_context.Transforms.NormalizeMinMax("Features")).Fit(table);
        var width = ((VectorDataViewType)steps.GetOutputSchema(table.Schema)["Features"].Type).Size;
        using var model =
            new TransformerChain<ITransformer>(steps, new SngpTransformer(_context, SmallModel.Create(numberOfFeatures: width)));
        model.SaveAsOnnx(_context, table, folder.File("pipeline.onnx"));

        using var applied = _context.Transforms.ApplyOnnxModel(folder.File("pipeline.onnx")).Fit(table);
        // The output Score.output, which makes room for the input Score, is the column Score.
        CheckSame(model.Transform(table), applied.Transform(table));
        var labels = applied.Transform(table).GetColumn<string[]>("PredictedLabel").Select(row => row.Single()).ToList();
        var keys = model.Transform(table).GetColumn<uint>("PredictedLabel")
            .Select(key => key == 0 ? "" : SmallModel.ThreeLabels.Names[(int)key - 1]).ToList();
        CollectionAssert.AreEqual(keys, labels);
        CollectionAssert.Contains(labels, "");
    }

    [TestMethod]
    [DynamicData(nameof(EveryKind))]
    public void EveryKindOfLabelComesAsAValue(ClassLabels labels, string json)
    {
        var rows = SampleTable.Rows(30);
        rows[4].Features[1] = float.NaN;
        var table = _context.Data.LoadFromEnumerable(rows);
        using var ours = SmallModel.Transformer(_context, labels);
        using var model = new TransformerChain<ITransformer>(_context.Transforms.CopyColumns("Copy", "Id").Fit(table), ours);
        var predicted =
            OnnxRun.Run(OnnxRun.Save(model, _context, table, "label-" + (labels.ValueType?.ToString() ?? "key")), table)["PredictedLabel"];
        var keys = ours.Transform(table).GetColumn<uint>("PredictedLabel").ToList();
        Assert.AreEqual(0u, keys[4]);
        for (var i = 0; i < keys.Count; i++)
            Assert.AreEqual(Expected(labels, keys[i]), predicted.GetValue(i), $"{json} {i}");
    }

    private static object Expected(ClassLabels labels, uint key)
    {
        if (labels.Values is not { } values)
            return key;
        if (values[0] is DateTime or DateTimeOffset or TimeSpan or string)
            return key == 0 ? "" : labels.Names[(int)key - 1];
        return key > 0 ? values[(int)key - 1] : values[0] switch
        {
            float => float.NaN,
            double => double.NaN,
            var value => Activator.CreateInstance(value.GetType())!,
        };
    }

    private static void CheckSame(IDataView expected, IDataView actual)
    {
        foreach (var name in new[] { "Score", "Logits", "Variance", "Uncertainty" })
        {
            var wanted = expected.Schema[name].Type is VectorDataViewType
                ? expected.GetColumn<float[]>(name).ToList()
                : expected.GetColumn<float>(name).Select(value => new[] { value }).ToList();
            var given = actual.GetColumn<float[]>(name).ToList();
            Assert.HasCount(wanted.Count, given);
            for (var i = 0; i < wanted.Count; i++)
            {
                Assert.HasCount(wanted[i].Length, given[i]);
                for (var j = 0; j < wanted[i].Length; j++)
                    Assert.AreEqual(wanted[i][j], given[i][j], 1e-5f, $"{name} {i} {j}");
            }
        }
    }
}
