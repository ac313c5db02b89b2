using MLNet.Sngp.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Layers;

[TestClass]
public class SeededDropoutTests
{
    [TestMethod]
    [DataRow(0.1)]
    [DataRow(0.5)]
    public void UnitsAreDroppedAtTheRateAndTheOthersScaled(double rate)
    {
        using var scope = NewDisposeScope();
        using var dropout = Create(rate);
        var masks = dropout.call(ones(600, 50));
        var dropped = masks.eq(0).to(ScalarType.Float64).mean().item<double>();
        // Five standard deviations of a binomial share of 30,000.
        Assert.AreEqual(rate, dropped, 5 * Math.Sqrt(rate * (1 - rate) / 30_000));
        Assert.AreEqual(1 / (1 - rate), masks.max().item<float>(), 1e-4);
    }

    [TestMethod]
    public void EachCallDrawsAnewAndTheSeedDecides()
    {
        using var scope = NewDisposeScope();
        using var dropout = Create(0.5);
        using var other = Create(0.5);
        var first = dropout.call(ones(20, 50));
        Assert.IsFalse(allclose(first, dropout.call(ones(20, 50))));
        Assert.IsTrue(allclose(first, other.call(ones(20, 50))));
    }

    [TestMethod]
    public void ItDropsInTrainingAlone()
    {
        using var scope = NewDisposeScope();
        using var dropout = Create(0.5);
        dropout.eval();
        Assert.IsTrue(allclose(ones(20, 50), dropout.call(ones(20, 50))));
        using var none = Create(0);
        Assert.IsTrue(none.IsNone);
        Assert.IsTrue(allclose(ones(20, 50), none.call(ones(20, 50))));
    }

    [TestMethod]
    public void RowsMayHaveAnyDimensions()
    {
        using var scope = NewDisposeScope();
        using var dropout = Create(0.5);
        CollectionAssert.AreEqual(new long[] { 4, 3, 5, 5 }, dropout.call(ones(4, 3, 5, 5)).shape);
        CollectionAssert.AreEqual(new long[] { 3, 5, 5 }, dropout.RowShape);
        CollectionAssert.AreEqual(new long[] { 2, 3, 5, 5 }, dropout.call(ones(2, 3, 5, 5)).shape);
    }

    [TestMethod]
    public void ItKeepsItsMemoryFromStepToStepAndFreesIt()
    {
        using var scope = NewDisposeScope();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        using (var dropout = Create(0.5))
        {
            var input = ones(20, 50);
            dropout.call(input).Dispose();
            var first = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
            for (var step = 0; step < 3; step++)
                dropout.call(input).Dispose();
            Assert.AreEqual(first, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
            input.Dispose();
        }
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static SeededDropout Create(double rate)
    {
        var dropout = new SeededDropout(rate);
        dropout.Restart(new SeededRandom(1, RandomPurpose.Dropout));
        return dropout;
    }
}
