using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNet.Sngp.Tests.Contracts;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Data;

/// <summary>Labels of every kind that ML.NET maps to keys, from the table to the predicted label.</summary>
[TestClass]
public class LabelKindTests
{
    private const int Count = 60;
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow("Text")]
    [DataRow("Truth")]
    [DataRow("Single")]
    [DataRow("Double")]
    [DataRow("SByte")]
    [DataRow("Byte")]
    [DataRow("Int16")]
    [DataRow("UInt16")]
    [DataRow("Int32")]
    [DataRow("UInt32")]
    [DataRow("Int64")]
    [DataRow("UInt64")]
    public void KeysOverValues(string column) => Check(column, Keyed(column));

    [TestMethod]
    [DataRow("Text")]
    [DataRow("Int32")]
    public void KeysInTheOrderOfTheirValues(string column) =>
        Check(column, Keyed(column, ValueToKeyMappingEstimator.KeyOrdinality.ByValue));

    [TestMethod]
    public void KeysWhoseValuesAreKeptAsText()
    {
        var keyed = Keyed("Single", asText: true);
        Check("Single", keyed);
        Assert.AreEqual(
            TextDataViewType.Instance, ((VectorDataViewType)keyed.Schema["Label"].Annotations.Schema["KeyValues"].Type).ItemType);
    }

    [TestMethod]
    public void KeysWithoutValues()
    {
        var data = Data();
        using var model = Train("Key", data);
        var scored = model.Transform(data);
        Assert.IsFalse(scored.Schema["PredictedLabel"].HasKeyValues());
        Assert.IsFalse(scored.Schema["Score"].HasSlotNames());
        Assert.AreEqual(3ul, ((KeyDataViewType)scored.Schema["PredictedLabel"].Type).Count);
        CollectionAssert.AreEqual(new[] { "1", "2", "3" }, model.Model.Labels.Names.ToArray());
        Assert.IsNull(model.Model.Labels.ValueType);
        Assert.AreEqual(1.0, _ml.MulticlassClassification.Evaluate(scored, labelColumnName: "Key").MicroAccuracy);
        TransformerContract.CheckPromise(Trainer("Key").GetOutputSchema(Shape()), scored.Schema);
    }

    [TestMethod]
    public void AKeyOfNoKnownCountIsAnError()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition[nameof(Row.Key)].ColumnType = new KeyDataViewType(typeof(uint), uint.MaxValue);
        var data = _ml.Data.LoadFromEnumerable(Rows(), definition);
        var error = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => Trainer("Key").Fit(data));
        Assert.Contains("'Key'", error.Message);
        Assert.Contains("MapValueToKey", error.Message);
    }

    // Promise, fitted schema, scores, predicted values, ONNX and zip files.
    private void Check(string column, IDataView keyed)
    {
        using var model = Train("Label", keyed);
        var scored = model.Transform(keyed);
        Assert.AreEqual(DataViewReader.Describe(keyed.Schema["Label"]).Replace("Label:", "PredictedLabel:"), DataViewReader.Describe(
            scored.Schema["PredictedLabel"]));
        TransformerContract.CheckPromise(Trainer("Label").GetOutputSchema(KeyedShape(column, keyed)), scored.Schema);
        Assert.AreEqual(1.0, _ml.MulticlassClassification.Evaluate(scored).MicroAccuracy);

        using var onnx = new MemoryStream();
        model.SaveAsOnnx(onnx);
        onnx.Position = 0;
        using var zip = new MemoryStream();
        _ml.Model.Save(model, keyed.Schema, zip);
        foreach (var loaded in new[] { _ml.Sngp().LoadOnnx(onnx), new MLContext().Model.Load(zip, out _) })
        {
            var again = loaded.Transform(keyed);
            Assert.AreEqual(
                DataViewReader.Describe(scored.Schema["PredictedLabel"]), DataViewReader.Describe(again.Schema["PredictedLabel"]));
            Assert.AreEqual(DataViewReader.Describe(scored.Schema["Score"]), DataViewReader.Describe(again.Schema["Score"]));
            Assert.AreEqual(1.0, _ml.MulticlassClassification.Evaluate(again).MicroAccuracy);
            CollectionAssert.AreEqual(Values(keyed, "Label"), Values(again, "PredictedLabel"));
            (loaded as IDisposable)?.Dispose();
        }
    }

    // The label's values as text, after MapKeyToValue.
    private List<string> Values(IDataView data, string column)
    {
        var mapped = _ml.Transforms.Conversion.MapKeyToValue("Value", column).Fit(data).Transform(data);
        return [.. DataViewReader.Rows(mapped, [mapped.Schema["Value"]])];
    }

    private SngpTransformer Train(string label, IDataView data) => Trainer(label).Fit(data);

    private SngpMulticlassTrainer Trainer(string label)
    {
        var options = TwoClusters.QuickOptions(epochs: 25);
        options.LabelColumnName = label;
        options.Training.LearningRate = 0.01;
        return _ml.Sngp().Multiclass(options);
    }

    private IDataView Keyed(string column, ValueToKeyMappingEstimator.KeyOrdinality order =
        ValueToKeyMappingEstimator.KeyOrdinality.ByOccurrence, bool asText = false)
    {
        var data = Data();
        return _ml.Transforms.Conversion.MapValueToKey("Label", column, keyOrdinality: order, addKeyValueAnnotationsAsText: asText)
            .Fit(data).Transform(data);
    }

    private SchemaShape KeyedShape(string column, IDataView keyed)
    {
        var asText = column != "Text" && keyed.Schema["Label"].HasKeyValues(TextDataViewType.Instance);
        return _ml.Transforms.Conversion.MapValueToKey("Label", column, addKeyValueAnnotationsAsText: asText).GetOutputSchema(Shape());
    }

    private SchemaShape Shape() => _ml.Transforms.CustomMapping<Nothing, Row>((_, _) => { }, null).GetOutputSchema(new SchemaShape([]));

    private IDataView Data() => _ml.Data.LoadFromEnumerable(Rows());

    private static Row[] Rows() => [.. TwoClusters.Rows(Count).Select((row, i) =>
    {
        var side = row.Label == "high" ? 1 : 0;
        return new Row
        {
            Features = row.Features,
            Text = side == 1 ? "à droite, \"oben\"" : "links",
            Truth = side == 1,
            Single = side == 1 ? 1.5f : -0.1f,
            Double = side == 1 ? 1e300 : -0.1,
            SByte = (sbyte)(side == 1 ? 127 : -128),
            Byte = (byte)(side == 1 ? 255 : 0),
            Int16 = (short)(side == 1 ? 7 : -7),
            UInt16 = (ushort)(side == 1 ? 65535 : 1),
            Int32 = side == 1 ? int.MaxValue : -3,
            UInt32 = side == 1 ? uint.MaxValue : 3,
            Int64 = side == 1 ? long.MaxValue : -3,
            UInt64 = side == 1 ? ulong.MaxValue : 3,
            Key = (uint)side,
        };
    })];

    private sealed class Nothing
    {
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public string Text { get; set; } = "";

        public bool Truth { get; set; }

        public float Single { get; set; }

        public double Double { get; set; }

        public sbyte SByte { get; set; }

        public byte Byte { get; set; }

        public short Int16 { get; set; }

        public ushort UInt16 { get; set; }

        public int Int32 { get; set; }

        public uint UInt32 { get; set; }

        public long Int64 { get; set; }

        public ulong UInt64 { get; set; }

        [KeyType(3)]
        public uint Key { get; set; }
    }
}
