using MLNet.Sngp.Calibration;

namespace MLNet.Sngp.Tests.Calibration;

[TestClass]
public class NelderMeadTests
{
    private static readonly (double, double) Wide = (-100, 100);

    [TestMethod]
    public void OneVariable()
    {
        var best = NelderMead.Minimize(x => Math.Pow(x[0] - 3, 2), [0], [Wide]);
        Assert.AreEqual(3, best[0], 1e-3);
    }

    [TestMethod]
    public void RosenbrocksValley()
    {
        var best = NelderMead.Minimize(x => 100 * Math.Pow(x[1] - x[0] * x[0], 2) + Math.Pow(1 - x[0], 2), [-1.2, 1], [Wide, Wide],
            tolerance: 1e-8);
        Assert.AreEqual(1, best[0], 1e-4);
        Assert.AreEqual(1, best[1], 1e-4);
    }

    [TestMethod]
    public void BoundsAreKept()
    {
        var seen = new List<double>();
        var best = NelderMead.Minimize(x =>
        {
            seen.Add(x[0]);
            return -x[0];
        }, [0.9], [(-1, 1)]);
        Assert.AreEqual(1, best[0], 1e-4);
        Assert.IsTrue(seen.TrueForAll(x => x is >= -1 and <= 1));
    }
}
