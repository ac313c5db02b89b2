using MLNet.Sngp.Training;

namespace MLNet.Sngp.Tests.Training;

/// <summary>The schedules, by their formulas.</summary>
[TestClass]
public class LearningRatesTests
{
    [TestMethod]
    [DataRow(LearningRateSchedule.Constant, new[] { 1.0, 1, 1, 1, 1, 1, 1, 1, 1, 1 })]
    [DataRow(LearningRateSchedule.LinearDecay, new[] { 1, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1 })]
    [DataRow(LearningRateSchedule.StepDecay, new[] { 1, 1, 1, 0.2, 0.2, 0.2, 0.04, 0.04, 0.008, 0.008 })]
    [DataRow(LearningRateSchedule.Cosine, new[]
    {
        1, 0.975528258147577, 0.904508497187474, 0.793892626146237, 0.654508497187474, 0.5, 0.345491502812526, 0.206107373853763,
        0.0954915028125263, 0.0244717418524232,
    })]
    public void EachStepTakesTheShareOfTheFormula(LearningRateSchedule schedule, double[] expected)
    {
        for (var step = 0; step < expected.Length; step++)
            Assert.AreEqual(expected[step], LearningRates.Share(schedule, step, expected.Length), 1e-14, $"step {step}");
    }

    [TestMethod]
    public void TheRateRisesToTheSchedulesDuringTheWarmUp()
    {
        double[] expected = [0.25, 0.5 * 0.9, 0.75 * 0.8, 0.7, 0.6];
        for (var step = 0; step < expected.Length; step++)
            Assert.AreEqual(expected[step], LearningRates.Share(LearningRateSchedule.LinearDecay, step, 10, warmUp: 4), 1e-14, $"{step}");
    }

    [TestMethod]
    [DataRow(LearningRateSchedule.Constant)]
    [DataRow(LearningRateSchedule.LinearDecay)]
    [DataRow(LearningRateSchedule.StepDecay)]
    [DataRow(LearningRateSchedule.Cosine)]
    public void TheMeanIsThatOfManySteps(LearningRateSchedule schedule)
    {
        const int Steps = 100_000;
        var mean = Enumerable.Range(0, Steps).Average(step => LearningRates.Share(schedule, step, Steps));
        Assert.AreEqual(LearningRates.Mean(schedule), mean, 1e-5);
    }
}
