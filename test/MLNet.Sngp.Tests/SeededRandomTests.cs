namespace MLNet.Sngp.Tests;

[TestClass]
public class SeededRandomTests
{
    [TestMethod]
    public void PurposesAndSeedsGiveDifferentNumbers()
    {
        var first = new SeededRandom(1, RandomPurpose.NetworkWeights).NextUInt64();
        Assert.AreEqual(first, new SeededRandom(1, RandomPurpose.NetworkWeights).NextUInt64());
        Assert.AreNotEqual(first, new SeededRandom(1, RandomPurpose.Dropout).NextUInt64());
        Assert.AreNotEqual(first, new SeededRandom(2, RandomPurpose.NetworkWeights).NextUInt64());
    }

    [TestMethod]
    public void GaussianNumbersHaveTheMomentsOfTheNormalDistribution()
    {
        var random = new SeededRandom(3, RandomPurpose.NetworkWeights);
        var values = Enumerable.Range(0, 100_000).Select(_ => random.NextGaussian()).ToArray();
        Assert.AreEqual(0, values.Average(), 0.02);
        Assert.AreEqual(1, values.Average(value => value * value), 0.03);
        Assert.AreEqual(3, values.Average(value => Math.Pow(value, 4)), 0.2);
    }

    [TestMethod]
    public void UniformNumbersFillTheUnitInterval()
    {
        var random = new SeededRandom(3, RandomPurpose.NetworkWeights);
        var values = Enumerable.Range(0, 100_000).Select(_ => random.NextDouble()).ToArray();
        Assert.IsTrue(values.All(value => value is >= 0 and < 1));
        Assert.AreEqual(0.5, values.Average(), 0.01);
        Assert.AreEqual(1 / 3.0, values.Average(value => value * value), 0.01);
    }

    [TestMethod]
    public void ShufflingKeepsAllItemsAndFavoursNone()
    {
        var random = new SeededRandom(3, RandomPurpose.RowOrder);
        var counts = new int[4];
        for (var round = 0; round < 40_000; round++)
        {
            int[] items = [0, 1, 2, 3];
            random.Shuffle<int>(items);
            CollectionAssert.AreEquivalent(new[] { 0, 1, 2, 3 }, items);
            counts[items[0]]++;
        }
        foreach (var count in counts)
            Assert.AreEqual(10_000, count, 500);
    }
}
