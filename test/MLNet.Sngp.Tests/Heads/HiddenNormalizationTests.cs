using MLNet.Sngp.Heads;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Heads;

[TestClass]
public class HiddenNormalizationTests
{
    private static readonly float[] Row = [1, 2, 4, -3];

    [TestMethod]
    public void WhatIsNormalisedAlreadyStaysAsItIs()
    {
        var options = new GaussianProcessOptions();
        options.Choose(784, new WideResNet());
        Assert.AreEqual(GpInputNormalization.None, options.NormalizeGpInput);
    }

    [TestMethod]
    public void ARowIsItsDirectionAndTheLogarithmOfItsLength()
    {
        using var scope = NewDisposeScope();
        var actual = Values(1);
        // mean 1, variance 6.5; mean square 7.5; κ·√H = 4.
        var deviation = Math.Sqrt(6.501);
        double[] expected = [0, 1 / deviation, 3 / deviation, -4 / deviation, 4 * 0.5 * Math.Log(7.501)];
        for (var i = 0; i < expected.Length; i++)
            Assert.AreEqual(expected[i], actual[i], 1e-6);
    }

    [TestMethod]
    [DataRow(3f)]
    [DataRow(100f)]
    public void ARowFurtherAlongItsDirectionIsFurtherAway(float factor)
    {
        using var scope = NewDisposeScope();
        var (near, far) = (Values(1), Values(factor));
        for (var i = 0; i < Row.Length; i++)
            Assert.AreEqual(near[i], far[i], 2e-4);
        Assert.AreEqual(4 * Math.Log(factor), far[^1] - near[^1], 1e-3);
    }

    [TestMethod]
    [DataRow(1, GpInputNormalization.None)]
    [DataRow(2, GpInputNormalization.None)]
    [DataRow(3, GpInputNormalization.DirectionAndLength)]
    [DataRow(784, GpInputNormalization.DirectionAndLength)]
    public void TheNumberOfFeaturesDecidesWhereNothingIsSaid(int features, GpInputNormalization expected)
    {
        var options = new GaussianProcessOptions();
        options.Choose(features, new ResidualMlp());
        Assert.AreEqual(expected, options.NormalizeGpInput);
        options.NormalizeGpInput = GpInputNormalization.LayerNorm;
        options.Choose(features, new ResidualMlp());
        Assert.AreEqual(GpInputNormalization.LayerNorm, options.NormalizeGpInput);
    }

    private static float[] Values(float factor)
    {
        using var module = new HiddenNormalization(Row.Length, GpInputNormalization.DirectionAndLength, CPU);
        using var noGradient = no_grad();
        return module.call(tensor(Row, [1, Row.Length]).mul(factor)).data<float>().ToArray();
    }
}
