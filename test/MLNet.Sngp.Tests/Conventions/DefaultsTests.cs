namespace MLNet.Sngp.Tests.Conventions;

/// <summary>Pins the defaults: changing one changes the results of everyone who did not set it.</summary>
[TestClass]
public class DefaultsTests
{
    [TestMethod]
    public void TheDefaultsAreTheTutorialsButForLearningRateAndKernelScale()
    {
        var options = new SngpTrainer.Options();
        Assert.AreEqual("Label", options.LabelColumnName);
        Assert.AreEqual("Features", options.FeatureColumnName);
        Assert.IsNull(options.ExampleWeightColumnName);
        Assert.AreEqual(6, options.NumberOfHiddenLayers);
        Assert.AreEqual(128, options.NumberOfHiddenUnits);
        Assert.AreEqual(0.1, options.DropoutRate);
        Assert.AreEqual(100, options.NumberOfEpochs);
        Assert.AreEqual(128, options.BatchSize);
        Assert.AreEqual(1e-3, options.LearningRate);
        Assert.IsNull(options.MaximumRowsInMemory);
        Assert.IsNull(options.Seed);
        Assert.IsNull(options.ValidationFraction);
        Assert.IsNull(options.Patience);
        Assert.IsNull(options.CheckpointPath);
        Assert.AreEqual(1, options.CheckpointEvery);
        Assert.AreEqual(TrainingDevice.Auto, options.Device);
        Assert.AreEqual(0.9, options.SpectralNormBound);
        Assert.AreEqual(1, options.NumberOfPowerIterations);
        Assert.AreEqual(1024, options.NumberOfRandomFeatures);
        Assert.IsNull(options.KernelScale);
        Assert.AreEqual(GaussianProcessKernel.Gaussian, options.Kernel);
        Assert.IsFalse(options.OrthogonalRandomFeatures);
        Assert.IsFalse(options.NormalizeGpInput);
        Assert.AreEqual(0.0, options.OutputBias);
        Assert.IsTrue(options.ScaleRandomFeatures);
        Assert.AreEqual(1e-6, options.OutputWeightDecay);
        Assert.AreEqual(1.0, options.RidgePenalty);
        Assert.AreEqual(GaussianProcessLikelihood.Gaussian, options.Likelihood);
        Assert.AreEqual(PosteriorCovariance.Shared, options.Covariance);
        Assert.AreEqual(CovarianceGathering.AfterTraining, options.CovarianceGathering);
        Assert.IsNull(options.CovarianceMomentum);
        Assert.AreEqual(1e-5, options.VarianceTolerance);
        Assert.AreEqual(Math.PI / 8, options.MeanFieldFactor);
        Assert.IsNull(options.PosteriorSamples);
    }

    [TestMethod]
    public void TheOtherMethodsHaveTheTutorialsTenPassesAndMembers()
    {
        Assert.AreEqual(10, new MonteCarloDropoutTrainer.Options().NumberOfPasses);
        Assert.AreEqual(10, new DeepEnsembleTrainer.Options().NumberOfMembers);
        Assert.AreEqual(10, new SngpEnsembleTrainer.Options().NumberOfMembers);
    }
}
