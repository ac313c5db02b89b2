using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Data;

/// <summary>What a message about a column's type advises works when it is followed.</summary>
[TestClass]
public class ColumnRemedyTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow("Text", "Categorical.OneHotEncoding(\"Text\")")]
    [DataRow("Text", "Text.FeaturizeText(\"Text\")")]
    [DataRow("Texts", "Categorical.OneHotEncoding(\"Texts\")")]
    [DataRow("AnyTexts", "Categorical.OneHotEncoding(\"AnyTexts\", outputKind: OneHotEncodingEstimator.OutputKind.Bag)")]
    [DataRow("Key", "Conversion.MapKeyToVector(\"Key\")")]
    [DataRow("Keys", "Conversion.MapKeyToVector(\"Keys\")")]
    [DataRow("AnyKeys", "Conversion.MapKeyToVector(\"AnyKeys\", outputCountVector: true)")]
    [DataRow("ByteKey", "Conversion.MapKeyToVector(\"ByteKey\")")]
    [DataRow("Single", "Concatenate(\"Single\", …)")]
    [DataRow("Number",
        "ConvertType(\"Number\", outputKind: DataKind.Single), and put the features together with Transforms.Concatenate(\"Number\", …)")]
    [DataRow("Truth",
        "ConvertType(\"Truth\", outputKind: DataKind.Single), and put the features together with Transforms.Concatenate(\"Truth\", …)")]
    [DataRow("Numbers", "ConvertType(\"Numbers\", outputKind: DataKind.Single)")]
    [DataRow("Date", "CustomMapping")]
    public void OfFeatures(string column, string remedy) => Check(
        remedy, column, data => _ml.Sngp().Multiclass(Options(options => options.FeatureColumnName = column)).Fit(data));

    [TestMethod]
    [DataRow("Number", "ConvertType(\"Number\", outputKind: DataKind.Single)")]
    [DataRow("Truth", "ConvertType(\"Truth\", outputKind: DataKind.Single)")]
    [DataRow("Numbers", "CustomMapping")]
    [DataRow("Key", "CustomMapping")]
    public void OfWeights(string column, string remedy) => Check(
        remedy, column, data => _ml.Sngp().Multiclass(Options(options => options.ExampleWeightColumnName = column)).Fit(data));

    [TestMethod]
    [DataRow("Text", "MapValueToKey(\"Text\")")]
    [DataRow("Truth", "MapValueToKey(\"Truth\")")]
    [DataRow("ByteKey", "ConvertType(\"ByteKey\", outputKind: DataKind.UInt32)")]
    [DataRow("Keys", "CustomMapping")]
    [DataRow("KeyWithoutCount", "MapValueToKey")]
    public void OfLabels(string column, string remedy) => Check(
        remedy, column, data => _ml.Sngp().Multiclass(Options(options => options.LabelColumnName = column)).Fit(data));

    [TestMethod]
    [DataRow("Number", "ConvertType(\"Number\", outputKind: DataKind.Boolean)")]
    [DataRow("Text", "MapValue(\"Text\", …)")]
    [DataRow("Texts", "CustomMapping")]
    public void OfBinaryLabels(string column, string remedy) => Check(
        remedy, column, data => _ml.Sngp().Binary(Options(options => options.LabelColumnName = column)).Fit(data));

    [TestMethod]
    [DataRow(float.NaN, "fill them in with Transforms.ReplaceMissingValues")]
    [DataRow(float.PositiveInfinity, "Remove such rows, or bound the values")]
    public void OfValuesThatAreNotFinite(float value, string remedy)
    {
        var rows = TwoClusters.Rows(20);
        rows[3].Features[1] = value;
        var data = TwoClusters.Load(_ml, rows);
        var trainer = _ml.Sngp().Multiclass(Options(_ => { }));
        Assert.Contains(remedy, Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(data)).Message);
        if (float.IsNaN(value))
            trainer.Fit(_ml.Transforms.ReplaceMissingValues("Features").Fit(data).Transform(data)).Dispose();
    }

    private void Check(string remedy, string column, Func<IDataView, IDisposable> fit)
    {
        var data = Table();
        Assert.Contains(remedy, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => fit(data)).Message);
        fit(Remedy(remedy, column).Fit(data).Transform(data)).Dispose();
    }

    private IEstimator<ITransformer> Remedy(string remedy, string column)
    {
        var (transforms, kind) =
            (_ml.Transforms, remedy.Contains("Boolean") ? DataKind.Boolean : remedy.Contains("UInt32") ? DataKind.UInt32 : DataKind.Single);
        return remedy switch
        {
            _ when remedy.Contains("Bag") =>
                transforms.Categorical.OneHotEncoding(column, outputKind: OneHotEncodingEstimator.OutputKind.Bag),
            _ when remedy.Contains("OneHot") => transforms.Categorical.OneHotEncoding(column),
            _ when remedy.Contains("Featurize") => transforms.Text.FeaturizeText(column),
            _ when remedy.Contains("KeyToVector") =>
            transforms.Conversion.MapKeyToVector(column, outputCountVector: remedy.Contains("Count")),
            _ when remedy.Contains("ConvertType") && remedy.Contains("Concat") =>
            transforms.Conversion.ConvertType(column, outputKind: kind).Append(transforms.Concatenate(column, column)),
            _ when remedy.Contains("ConvertType") => transforms.Conversion.ConvertType(column, outputKind: kind),
            _ when remedy.Contains("Concat") => transforms.Concatenate(column, column, "Single"),
            _ when remedy.Contains("ValueToKey") => transforms.Conversion.MapValueToKey(column),
            _ when remedy.Contains("MapValue") =>
            transforms.Conversion.MapValue(column, new Dictionary<string, bool> { ["a"] = true, ["b"] = false }, column),
            _ => Mapping(column),
        };
    }

    // What a custom mapping would be written for.
    private IEstimator<ITransformer> Mapping(string column) => column switch
    {
        "Date" => _ml.Transforms.CustomMapping<Row, Hours>((row, made) => made.Date = [row.Date.Hour], null),
        "Texts" => _ml.Transforms.CustomMapping<Row, Truth>((row, made) => made.Texts = row.Texts[0] == "a", null),
        "Keys" => _ml.Transforms.CustomMapping<Row, FirstText>((row, made) => made.Keys = row.Texts[0], null)
        .Append(_ml.Transforms.Conversion.MapValueToKey("Keys")),
        "Key" => _ml.Transforms.CustomMapping<Row, KeyWeight>((row, made) => made.Key = row.Single + 1, null),
        _ => _ml.Transforms.CustomMapping<Row, Sum>((row, made) => made.Numbers = (float)row.Numbers.Sum(), null),
    };

    private static SngpOptions Options(Action<SngpOptions> change)
    {
        var options = TwoClusters.QuickOptions(epochs: 1);
        change(options);
        return options;
    }

    private IDataView Table()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 20).Select(i => new Row(i)));
        return _ml.Transforms.Conversion.MapValueToKey(
            [new("Label", "Text"), new("Key", "Text"), new("Keys", "Texts"), new("AnyKeys", "AnyTexts")])
            .Append(_ml.Transforms.Conversion.ConvertType([new("Features", "Single")]))
            .Append(_ml.Transforms.Concatenate("Features", "Features"))
            .Fit(data).Transform(data);
    }

    private sealed class Row
    {
        public Row()
        {
        }

        public Row(int i)
        {
            (Text, Texts, AnyTexts) = (i % 2 == 0 ? "a" : "b", [i % 2 == 0 ? "a" : "b", "b"], [.. Enumerable.Repeat("b", i % 3), "a"]);
            (Single, Number, Truth, Numbers, Date, ByteKey) =
                (i / 20f, i % 3, i % 3 == 0, [i, 1], new DateTime(2020, 1, 1, i, 0, 0, DateTimeKind.Utc), (byte)(i % 2));
            KeyWithoutCount = ByteKey;
        }

        public string Text { get; set; } = "";

        [VectorType(2)]
        public string[] Texts { get; set; } = [];

        public string[] AnyTexts { get; set; } = [];

        public float Single { get; set; }

        public double Number { get; set; }

        public bool Truth { get; set; }

        [VectorType(2)]
        public double[] Numbers { get; set; } = [];

        public DateTime Date { get; set; }

        [KeyType(2)]
        public byte ByteKey { get; set; }

        [KeyType(uint.MaxValue)]
        public uint KeyWithoutCount { get; set; }
    }

    private sealed class Hours
    {
        [VectorType(1)]
        public float[] Date { get; set; } = [];
    }

    private sealed class Truth
    {
        public bool Texts { get; set; }
    }

    private sealed class FirstText
    {
        public string Keys { get; set; } = "";
    }

    private sealed class KeyWeight
    {
        public float Key { get; set; }
    }

    private sealed class Sum
    {
        public float Numbers { get; set; }
    }
}
