using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Model;

[TestClass]
public sealed class ClassLabelsTests
{
    private static readonly DateTime Noon = new(2024, 5, 6, 12, 0, 0, 123, DateTimeKind.Utc);

    public static IEnumerable<object[]> EveryKind =>
    [
        [ClassLabels.Of("a", "b \"c\"", "é"), """{"kind":"Text","count":3,"values":["a","b \u0022c\u0022","\u00E9"]}"""],
        [ClassLabels.Of(true, false), """{"kind":"Boolean","count":2,"values":[true,false]}"""],
        [ClassLabels.Of(0.1f, -3f, float.PositiveInfinity), """{"kind":"Single","count":3,"values":[0.1,-3,"Infinity"]}"""],
        [ClassLabels.Of(0.1, 1e300), """{"kind":"Double","count":2,"values":[0.1,1E+300]}"""],
        [ClassLabels.Of<sbyte>(-1, 2), """{"kind":"SByte","count":2,"values":[-1,2]}"""],
        [ClassLabels.Of<byte>(1, 2), """{"kind":"Byte","count":2,"values":[1,2]}"""],
        [ClassLabels.Of<short>(-300, 2), """{"kind":"Int16","count":2,"values":[-300,2]}"""],
        [ClassLabels.Of<ushort>(1, 65535), """{"kind":"UInt16","count":2,"values":[1,65535]}"""],
        [ClassLabels.Of(-7, 8, 9), """{"kind":"Int32","count":3,"values":[-7,8,9]}"""],
        [ClassLabels.Of(1u, uint.MaxValue), """{"kind":"UInt32","count":2,"values":[1,4294967295]}"""],
        [ClassLabels.Of(long.MinValue, 1L), """{"kind":"Int64","count":2,"values":[-9223372036854775808,1]}"""],
        [ClassLabels.Of(ulong.MaxValue, 1UL), """{"kind":"UInt64","count":2,"values":[18446744073709551615,1]}"""],
        [ClassLabels.Of(Noon, Noon.AddDays(1)),
            """{"kind":"DateTime","count":2,"values":["2024-05-06T12:00:00.1230000Z","2024-05-07T12:00:00.1230000Z"]}"""],
        [ClassLabels.Of(new DateTimeOffset(Noon), new DateTimeOffset(Noon.AddDays(1))),
            """{"kind":"DateTimeOffset","count":2,"values":["2024-05-06T12:00:00.1230000\u002B00:00","""
                + "\"" + """2024-05-07T12:00:00.1230000\u002B00:00"]}"""],
        [ClassLabels.Of(TimeSpan.FromHours(30), TimeSpan.Zero), """{"kind":"TimeSpan","count":2,"values":["1.06:00:00","00:00:00"]}"""],
        [ClassLabels.WithoutValues(4), """{"kind":"None","count":4,"values":[]}"""],
    ];

    [TestMethod]
    [DynamicData(nameof(EveryKind))]
    public void JsonGoesThereAndBack(ClassLabels labels, string json)
    {
        Assert.AreEqual(json, labels.ToJson());
        var read = ClassLabels.FromJson(json);
        Assert.AreEqual(labels.ValueType, read.ValueType);
        CollectionAssert.AreEqual(labels.Names.ToList(), read.Names.ToList());
        Assert.AreEqual(json, read.ToJson());
    }

    [TestMethod]
    [DynamicData(nameof(EveryKind))]
    public void AnnotationsGoThereAndBack(ClassLabels labels, string json)
    {
        using var transformer = SmallModel.Transformer(new MLContext(), labels);
        var column = transformer.GetOutputSchema(SampleTable.Create(new MLContext(), 0).Schema)["PredictedLabel"];
        Assert.AreEqual(labels.ValueType != null, column.HasKeyValues(labels.ValueType));
        Assert.AreEqual(json, ClassLabels.From(column).ToJson());
    }

    [TestMethod]
    public void NamesAreInvariantText()
    {
        CollectionAssert.AreEqual(new[] { "0.5", "-2" }, ClassLabels.Of(0.5f, -2f).Names.ToList());
        CollectionAssert.AreEqual(new[] { "True", "False" }, ClassLabels.Of(true, false).Names.ToList());
        CollectionAssert.AreEqual(new[] { "1", "2", "3" }, ClassLabels.WithoutValues(3).Names.ToList());
    }

    [TestMethod]
    public void AKeyOfALoadedTableIsRead()
    {
        var context = new MLContext();
        var table = SampleTable.Create(context, 5);
        var keyed = context.Transforms.Conversion.MapValueToKey("Label").Append(context.Transforms.Conversion.MapValueToKey("Flag"))
            .Fit(table).Transform(table);
        CollectionAssert.AreEqual(new[] { "red", "green", "blue" }, ClassLabels.From(keyed.Schema["Label"]).Names.ToList());
        Assert.AreEqual(BooleanDataViewType.Instance, ClassLabels.From(keyed.Schema["Flag"]).ValueType);
        StringAssert.Contains(Assert.ThrowsExactly<ArgumentException>(() => ClassLabels.From(keyed.Schema["Name"])).Message, "Name");
    }

    [TestMethod]
    [DataRow("")]
    [DataRow("[]")]
    [DataRow("null")]
    [DataRow("{}")]
    [DataRow("""{"kind":"Text","count":2}""")]
    [DataRow("""{"kind":"Text","count":2,"values":["a"]}""")]
    [DataRow("""{"kind":"Text","count":1,"values":[null]}""")]
    [DataRow("""{"kind":"Text","count":1,"values":[1]}""")]
    [DataRow("""{"kind":"Byte","count":1,"values":[256]}""")]
    [DataRow("""{"kind":"Single","count":1,"values":["x"]}""")]
    [DataRow("""{"kind":"Color","count":1,"values":[1]}""")]
    [DataRow("""{"kind":"None","count":0,"values":[]}""")]
    [DataRow("""{"kind":"None","count":"3","values":[]}""")]
    [DataRow("""{"kind":"None","count":99999999999,"values":[]}""")]
    [DataRow("""{"kind":7,"count":1,"values":[]}""")]
    public void OtherJsonIsRefused(string json) => Assert.ThrowsExactly<FormatException>(() => ClassLabels.FromJson(json));
}
