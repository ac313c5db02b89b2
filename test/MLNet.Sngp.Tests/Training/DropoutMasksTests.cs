using MLNet.Sngp.Modules;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Training;

[TestClass]
public class DropoutMasksTests
{
    private static readonly NetworkShape Shape = new(2, 3, 50, 2);

    [TestMethod]
    [DataRow(0.1)]
    [DataRow(0.5)]
    public void UnitsAreDroppedAtTheRateAndTheOthersScaled(double rate)
    {
        using var scope = NewDisposeScope();
        var masks = stack(Create(rate)!.Next(200));
        CollectionAssert.AreEqual(new long[] { 3, 200, 50 }, masks.shape);
        var dropped = masks.eq(0).to(ScalarType.Float64).mean().item<double>();
        // Five standard deviations of a binomial share of 30,000.
        Assert.AreEqual(rate, dropped, 5 * Math.Sqrt(rate * (1 - rate) / 30_000));
        Assert.AreEqual(1 / (1 - rate), masks.max().item<float>(), 1e-4);
    }

    [TestMethod]
    public void EachCallDrawsAnew()
    {
        using var scope = NewDisposeScope();
        var masks = Create(0.5)!;
        var first = stack(masks.Next(20));
        Assert.IsFalse(allclose(first, stack(masks.Next(20))));
        Assert.IsTrue(allclose(first, stack(Create(0.5)!.Next(20))));
    }

    [TestMethod]
    public void ARateOfZeroNeedsNoMasks() => Assert.IsNull(Create(0));

    [TestMethod]
    public void ABufferOfADeviceHoldsTheSameMasksAndNoStepMakesAnother()
    {
        using var scope = NewDisposeScope();
        var (shared, own) = (Create(0.5)!, DropoutMasks.Create(Shape, 200, 0.5, new SeededRandom(1, RandomPurpose.Dropout), CPU, hasOwnBuffer: true)!);
        shared.Next(20);
        own.Next(20);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var step = 0; step < 3; step++)
        {
            using var inner = NewDisposeScope();
            Assert.IsTrue(allclose(stack(shared.Next(20)), stack(own.Next(20)), rtol: 0, atol: 0));
        }
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private static DropoutMasks? Create(double rate) => DropoutMasks.Create(Shape, 200, rate, new SeededRandom(1, RandomPurpose.Dropout), CPU);
}
