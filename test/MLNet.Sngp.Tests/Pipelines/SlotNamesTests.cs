using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Tests.Pipelines;

[TestClass]
public sealed class SlotNamesTests
{
    [TestMethod]
    public void SomeSlotsOfAColumnMayHaveNoName()
    {
        var ml = new MLContext(1);
        var data = ml.Data.LoadFromEnumerable(new[] { new Row() });
        var column = ml.Transforms.Concatenate("Both", "X", "Pair").Fit(data).GetOutputSchema(data.Schema)["Both"];
        CollectionAssert.AreEqual(new[] { "X", "", "" }, SlotNames.Of(column));
        Assert.AreEqual("slot 0 ('X')", SlotNames.Describe(column, 0));
        CollectionAssert.AreEqual(new[] { "", "" }, SlotNames.Of(data.Schema["Pair"]));
        Assert.AreEqual("slot 1", SlotNames.Describe(data.Schema["Pair"], 1));
    }

    private sealed class Row
    {
        public float X { get; set; }

        [VectorType(2)]
        public float[] Pair { get; set; } = [0, 0];
    }
}
