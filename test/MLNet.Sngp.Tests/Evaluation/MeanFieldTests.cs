namespace MLNet.Sngp.Tests.Evaluation;

[TestClass]
public sealed class MeanFieldTests
{
    [TestMethod]
    public void VarianceOneAndAHalfWithFactorTwoHalvesLogitsExactly()
        => CollectionAssert.AreEqual(
            new[] { 1.5, -0.25, 7 }, MeanField.AdjustLogits([3, -0.5, 14], variance: 1.5, meanFieldFactor: 2));

    [TestMethod]
    public void PiOver8AgreesWithTheWorkedExample()
    {
        double[] adjusted = MeanField.AdjustLogits([2, -1], variance: 0.5);
        Assert.AreEqual(1.828525, adjusted[0], 5e-7);
        Assert.AreEqual(-0.914263, adjusted[1], 5e-7);
    }

    [TestMethod]
    public void TemperatureDividesTheLogits()
        => CollectionAssert.AreEqual(
            new[] { 0.5, 1 }, MeanField.AdjustLogits([2, 4], variance: 1.5, meanFieldFactor: 2, temperature: 2));

    [TestMethod]
    public void FactorZeroLeavesLogitsAsTheyAre()
        => CollectionAssert.AreEqual(new[] { 2.0, -1 }, MeanField.AdjustLogits([2, -1], 9, meanFieldFactor: 0));

    [TestMethod]
    public void EachClassIsAdjustedByItsOwnVariance()
        => CollectionAssert.AreEqual(
            new[] { 1.0, 3 }, MeanField.AdjustLogits([2, 3], variances: [1.5, 0], meanFieldFactor: 2));

    [TestMethod]
    public void PoissonFormMultipliesByTheExponential()
        => Assert.AreEqual(2 * Math.E, MeanField.AdjustPoissonLogits([2], variance: 1, meanFieldFactor: 2)[0], 1e-15);

    [TestMethod]
    public void SoftmaxIsFiniteForHugeLogits()
        => CollectionAssert.AreEqual(new[] { 1.0, 0 }, MeanField.Softmax([1e300, -1e300]));

    [TestMethod]
    public void EntropyRunsFromZeroToOne()
    {
        Assert.AreEqual(0, MeanField.NormalizedEntropy([0, 1, 0]));
        Assert.AreEqual(0, MeanField.NormalizedEntropy([1]));
        Assert.AreEqual(1, MeanField.NormalizedEntropy([0.25, 0.25, 0.25, 0.25]), 1e-15);
        Assert.AreEqual(0.8112781244591328, MeanField.NormalizedEntropy([0.25, 0.75]), 1e-15);
    }

    [TestMethod]
    [DataRow(-1.0, 1.0, 1.0)]
    [DataRow(double.NaN, 1.0, 1.0)]
    [DataRow(1.0, -0.1, 1.0)]
    [DataRow(1.0, 1.0, 0.0)]
    [DataRow(1.0, 1.0, double.NaN)]
    public void ArgumentsOutsideTheirRangeAreRefused(double variance, double factor, double temperature)
        => Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => MeanField.AdjustLogits([1, 2], variance, factor, temperature));

    [TestMethod]
    public void AsManyVariancesAsLogitsAreNeeded()
        => Assert.ThrowsExactly<ArgumentException>(() => MeanField.AdjustLogits([1, 2], variances: [1]));
}
