using Microsoft.ML.Data;
using MLNet.Sngp.Data;

namespace MLNet.Sngp.Tests.Data;

[TestClass]
public class FeatureValuesTests
{
    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    [DataRow(float.NegativeInfinity)]
    public void AValueThatIsNotFiniteIsFoundInEverySlot(float value)
    {
        for (var length = 1; length <= 40; length++)
        {
            for (var slot = 0; slot < length; slot++)
            {
                var values = Largest(length);
                values[slot] = value;
                Assert.IsFalse(FeatureValues.AreFinite(values), $"{slot} of {length}");
                Assert.AreEqual(slot, FeatureValues.FirstNotFinite(values));
            }
        }
    }

    [TestMethod]
    public void ANaNOfAnySignAndPayloadIsFound()
    {
        foreach (var bits in (int[])[0x7F800001, 0x7FFFFFFF, unchecked((int)0xFF800001), -1])
            Assert.IsFalse(
                FeatureValues.AreFinite([1, 2, 3, BitConverter.Int32BitsToSingle(bits), 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16]));
    }

    [TestMethod]
    public void FiniteNumbersOfAnyMagnitudeAreFinite()
    {
        for (var length = 0; length <= 40; length++)
            Assert.IsTrue(FeatureValues.AreFinite(Largest(length)));
        Assert.IsTrue(FeatureValues.AreFinite(Enumerable.Repeat(float.Epsilon, 20).ToArray()));
        Assert.IsTrue(FeatureValues.AreFinite(Enumerable.Repeat(-0f, 20).ToArray()));
    }

    [TestMethod]
    public void SparseRowsAreZeroWhereTheyHaveNoValue()
    {
        float[] destination = [9, 9, 9, 9, 9];
        FeatureValues.Copy(new VBuffer<float>(5, 2, [1, 2], [1, 4]), destination);
        CollectionAssert.AreEqual(new float[] { 0, 1, 0, 0, 2 }, destination);
        FeatureValues.Copy(new VBuffer<float>(5, 0, [], []), destination);
        CollectionAssert.AreEqual(new float[5], destination);
    }

    [TestMethod]
    public void OnlyAsManyValuesAsTheRowHasAreCopied()
    {
        float[] destination = [9, 9];
        FeatureValues.Copy(new VBuffer<float>(2, [3, 4, float.NaN]), destination);
        CollectionAssert.AreEqual(new float[] { 3, 4 }, destination);
    }

    private static float[] Largest(int length) =>
        [.. Enumerable.Range(0, length).Select(i => i % 2 == 0 ? float.MaxValue : float.MinValue)];
}
