using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Onnx;

/// <summary>ML.NET's own converter cannot ask our transformers; it fails rather than write a file without the model.</summary>
[TestClass]
public sealed class ConvertToOnnxTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    [DataRow("alone")]
    [DataRow("last")]
    [DataRow("in the middle")]
    [DataRow("behind dropped outputs")]
    [DataRow("binary")]
    public void TheConverterSaysWhatToUse(string place)
    {
        var table = SampleTable.Create(_context, 20);
        using var model = place == "binary" ? new SngpTransformer(_context, SmallBinaryModel.Create()) : SmallModel.Transformer(_context);
        var before = _context.Transforms.NormalizeMinMax("Features").Fit(table);
        var scored = model.Transform(before.Transform(table));
        ITransformer chain = place switch
        {
            "in the middle" =>
            new TransformerChain<ITransformer>(before, model, _context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored)),
            "behind dropped outputs" =>
            new TransformerChain<ITransformer>(before, model, _context.Transforms.SelectColumns("Score").Fit(scored)),
            "last" => new TransformerChain<ITransformer>(before, model),
            _ => model,
        };
        using var stream = new MemoryStream();
        StringAssert.Contains(Assert.Throws<Exception>(() => _context.Model.ConvertToOnnx(chain, table, stream)).Message,
            "UseSaveAsOnnxOfTheModelInsteadOfConvertToOnnx");
        Assert.AreEqual(0, stream.Length);
    }

    [TestMethod]
    public void AChainThatMLNetLoadedFailsToo()
    {
        var table = SampleTable.Create(_context, 20);
        using var model = SmallModel.Transformer(_context);
        using var zip = new MemoryStream();
        _context.Model.Save(model, table.Schema, zip);
        var loaded = _context.Model.Load(zip, out _);
        Assert.Throws<InvalidOperationException>(() => _context.Model.ConvertToOnnx(loaded, table, Stream.Null));
        (loaded as IDisposable)?.Dispose();
    }

    [TestMethod]
    public void TheMarkAtWhichItStopsDisturbsNothing()
    {
        var table = SampleTable.Create(_context, 20);
        using var model = SmallModel.Transformer(_context);
        var scored = model.Transform(table);
        Assert.IsTrue(scored.Schema.Single(column => column.Name == "PredictedLabel" && column.IsHidden)
            .Index < scored.Schema["PredictedLabel"].Index);
        Assert.IsInstanceOfType<KeyDataViewType>(scored.Schema["PredictedLabel"].Type);
        Assert.HasCount(20, scored.Preview(50).RowView);
        Assert.AreEqual(20, _context.Data.ShuffleRows(_context.Data.Cache(scored)).GetColumn<uint>("PredictedLabel").Count());

        using var saved = new MemoryStream();
        _context.Data.SaveAsBinary(scored, saved);
        using var text = new MemoryStream();
        _context.Data.SaveAsText(scored, text);
        Assert.IsGreaterThan(0, saved.Length * text.Length);
        using var zip = new MemoryStream();
        _context.Model.Save(_context.Transforms.CopyColumns("Copy", "Variance").Fit(scored), scored.Schema, zip);
        _context.Model.Load(zip, out var schema);
        CollectionAssert.Contains(schema.Select(column => column.Name).ToList(), "Variance");
    }
}
