using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Contracts;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Data;

/// <summary>Renamed and hidden columns, and inputs whose names the outputs take.</summary>
[TestClass]
public class ColumnNameTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow("Inputs", "Class")]
    [DataRow("größe (cm), \"roh\"", "クラス")]
    [DataRow("one", "score")]
    [DataRow("projection", "Prediction")]
    [DataRow("Features.output", "N")]
    public void ColumnsOfAnyNameServe(string features, string label)
    {
        var data = _ml.Transforms.CopyColumns(features, "Features").Append(_ml.Transforms.CopyColumns(label, "Label"))
            .Append(_ml.Transforms.DropColumns("Features", "Label")).Fit(Keyed()).Transform(Keyed());
        var options = TwoClusters.QuickOptions(epochs: 25);
        (options.FeatureColumnName, options.LabelColumnName) = (features, label);
        using var model = _ml.Sngp().Multiclass(options).Fit(data);
        Assert.AreEqual(features, model.FeatureColumnName);
        using var zip = new MemoryStream();
        _ml.Model.Save(model, data.Schema, zip);
        using var onnx = new MemoryStream();
        model.SaveAsOnnx(onnx);
        onnx.Position = 0;
        var expected = model.Transform(data).GetColumn<float[]>("Score").ToArray();
        foreach (var loaded in new[] { new MLContext().Model.Load(zip, out _), _ml.Sngp().LoadOnnx(onnx) })
        {
            var actual = loaded.Transform(data).GetColumn<float[]>("Score").ToArray();
            for (var row = 0; row < expected.Length; row++)
                Assert.AreEqual(expected[row][0], actual[row][0], 1e-6f);
            (loaded as IDisposable)?.Dispose();
        }
    }

    [TestMethod]
    [DataRow("PredictedLabel")]
    [DataRow("Score")]
    [DataRow("Variance")]
    [DataRow("Logits")]
    [DataRow("Uncertainty")]
    public void AColumnNamedLikeAnOutputIsRefusedBeforeTrainingAndTheRemedyWorks(string name)
    {
        var keyed = Keyed();
        var data = _ml.Transforms.CopyColumns(name, "Label").Fit(keyed).Transform(keyed);
        var trainer = _ml.Sngp().Multiclass(Labelled(name));
        foreach (var attempt in (Action[])[() => trainer.Fit(data), () => trainer.GetOutputSchema(new SchemaShape([]))])
        {
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(attempt);
            Assert.Contains($"The label column has the name '{name}' of a column that the trained transformer adds", error.Message);
            Assert.Contains($"Transforms.CopyColumns(\"My{name}\", \"{name}\"), and set LabelColumnName to \"My{name}\"", error.Message);
        }
        var remedied = _ml.Transforms.CopyColumns("My" + name, name).Fit(data).Transform(data);
        _ml.Sngp().Multiclass(Labelled("My" + name)).Fit(remedied).Dispose();
        // The name of the features is in the graph beside the outputs'.
        var features = Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Multiclass(new SngpOptions { FeatureColumnName = name }));
        Assert.Contains($"FeatureColumnName is \"{name}\"", features.Message);
    }

    [TestMethod]
    public void AWeightNamedLikeAnOutputIsRefused()
    {
        var options = TwoClusters.QuickOptions();
        options.ExampleWeightColumnName = "Variance";
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Sngp().Multiclass(options).Fit(Keyed()));
        Assert.Contains("The example weight column has the name 'Variance'", error.Message);
    }

    [TestMethod]
    public void ABinaryLabelNamedLikeAnOutputIsRefused()
    {
        foreach (var name in (string[])["PredictedLabel", "Probability", "Score", "Variance", "Uncertainty"])
        {
            var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Sngp().Binary(labelColumnName: name)
                .Fit(TwoClasses.Load(_ml, 20)));
            Assert.Contains($"The label column has the name '{name}'", error.Message);
        }
    }

    private static SngpOptions Labelled(string name)
    {
        var options = TwoClusters.QuickOptions(epochs: 1);
        options.LabelColumnName = name;
        return options;
    }

    [TestMethod]
    public void HiddenColumnsAreNotSeen()
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(80));
        // The label was text and became a key under the same name; the features hide others of another type and size.
        var pipeline = _ml.Transforms.Concatenate("Features", "Features", "Weight")
            .Append(_ml.Transforms.NormalizeMeanVariance("Features", fixZero: false));
        var hiding = pipeline.Fit(data).Transform(data);
        Assert.IsGreaterThan(2, hiding.Schema.Count(column => column.IsHidden));
        using var model = _ml.Sngp().Multiclass(TwoClusters.QuickOptions(epochs: 25)).Fit(hiding);
        Assert.AreEqual(3, model.Model.NumberOfFeatures);
        Assert.AreEqual(1.0, _ml.MulticlassClassification.Evaluate(model.Transform(hiding)).MicroAccuracy);
        TransformerContract.Check(model, hiding, 80);
    }

    [TestMethod]
    public void OutputsHideInputsOfTheirNames()
    {
        var data = _ml.Transforms.CopyColumns("Score", "Weight").Append(_ml.Transforms.CopyColumns("Variance", "Label"))
            .Append(_ml.Transforms.CopyColumns("PredictedLabel", "Weight")).Fit(Keyed()).Transform(Keyed());
        var trainer = _ml.Sngp().Multiclass(TwoClusters.QuickOptions());
        using var model = trainer.Fit(data);
        var scored = model.Transform(data);
        foreach (var name in new[] { "Score", "Variance", "PredictedLabel" })
        {
            Assert.AreEqual(name == "PredictedLabel" ? 3 : 2, scored.Schema.Count(column => column.Name == name));
            Assert.IsFalse(scored.Schema[name].IsHidden);
        }
        Assert.IsInstanceOfType<VectorDataViewType>(scored.Schema["Score"].Type);
        Assert.IsInstanceOfType<KeyDataViewType>(scored.Schema["PredictedLabel"].Type);
        TransformerContract.Check(model, data, 80);
        var again = trainer.Fit(scored);
        Assert.AreEqual(3, again.Transform(scored).Schema.Count(column => column.Name == "Score"));
        again.Dispose();
    }

    [TestMethod]
    public void ThePromiseHasEachNameOnce()
    {
        var shape = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.CopyColumns("Score", "Weight"))
            .GetOutputSchema(
            _ml.Transforms.CustomMapping<Nothing, TwoClusters.Row>((_, _) => { }, null).GetOutputSchema(new SchemaShape([])));
        var promised = _ml.Sngp().Multiclass(TwoClusters.QuickOptions()).GetOutputSchema(shape);
        CollectionAssert.AllItemsAreUnique(promised.Select(column => column.Name).ToArray());
        var data = _ml.Transforms.CopyColumns("Score", "Weight").Fit(Keyed()).Transform(Keyed());
        using var model = _ml.Sngp().Multiclass(TwoClusters.QuickOptions()).Fit(data);
        TransformerContract.CheckPromise(promised, model.GetOutputSchema(data.Schema));
    }

    private IDataView Keyed() => TwoClusters.Load(_ml, TwoClusters.Rows(80));

    private sealed class Nothing
    {
    }
}
