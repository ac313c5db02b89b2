namespace MLNet.Sngp.Tests.Conventions;

/// <summary>Pins the defaults: changing one changes the results of everyone who did not set it.</summary>
[TestClass]
public class DefaultsTests
{
    [TestMethod]
    public void TheDefaultsAreThoseOfTheDocumentation()
    {
        var options = new SngpOptions();
        Assert.AreEqual("Label", options.LabelColumnName);
        Assert.AreEqual("Features", options.FeatureColumnName);
        Assert.IsNull(options.ExampleWeightColumnName);
        Assert.AreEqual(2, ((ResidualMlp)options.Backbone).NumberOfHiddenLayers);
        Assert.IsNull(((ResidualMlp)options.Backbone).NumberOfHiddenUnits);
        Assert.AreEqual(0.1, ((ResidualMlp)options.Backbone).DropoutRate);
        Assert.IsNull(options.Training.NumberOfEpochs);
        Assert.IsNull(options.Training.BatchSize);
        Assert.AreEqual(4e-3, options.Training.LearningRate);
        Assert.AreEqual(LearningRateSchedule.LinearDecay, options.Training.LearningRateSchedule);
        Assert.IsNull(options.Training.MaximumRowsInMemory);
        Assert.AreEqual(0.9, options.Confidence);
        Assert.IsFalse(options.HeteroscedasticNoise);
        Assert.IsNull(options.Seed);
        Assert.IsNull(options.Training.ValidationFraction);
        Assert.IsNull(options.Training.Patience);
        Assert.IsNull(options.Training.CheckpointPath);
        Assert.AreEqual(1, options.Training.CheckpointEvery);
        Assert.AreEqual(TrainingDevice.Auto, options.Training.Device);
        Assert.AreEqual(0.9, ((ResidualMlp)options.Backbone).SpectralNormBound);
        Assert.AreEqual(1, ((ResidualMlp)options.Backbone).NumberOfPowerIterations);
        Assert.AreEqual(1024, options.GaussianProcess.NumberOfRandomFeatures);
        Assert.IsNull(options.GaussianProcess.KernelScale);
        Assert.AreEqual(GaussianProcessKernel.Gaussian, options.GaussianProcess.Kernel);
        Assert.IsFalse(options.GaussianProcess.OrthogonalRandomFeatures);
        Assert.AreEqual(GpInputNormalization.Automatic, options.GaussianProcess.NormalizeGpInput);
        Assert.AreEqual(0.0, options.GaussianProcess.OutputBias);
        Assert.IsTrue(options.GaussianProcess.ScaleRandomFeatures);
        Assert.AreEqual(1e-6, options.GaussianProcess.OutputWeightDecay);
        Assert.AreEqual(1.0, options.Posterior.RidgePenalty);
        Assert.AreEqual(GaussianProcessLikelihood.Gaussian, options.Posterior.Likelihood);
        Assert.AreEqual(PosteriorCovariance.Shared, options.Posterior.Covariance);
        Assert.AreEqual(CovarianceGathering.AfterTraining, options.Posterior.CovarianceGathering);
        Assert.IsNull(options.Posterior.CovarianceMomentum);
        Assert.AreEqual(1e-5, options.Posterior.VarianceTolerance);
        Assert.AreEqual(Math.PI / 8, options.Posterior.MeanFieldFactor);
        Assert.AreEqual(10, options.Posterior.FarRowFactor);
        Assert.IsNull(options.Posterior.PosteriorSamples);
        Assert.IsFalse(options.Posterior.Updatable);
    }

    [TestMethod]
    public void TheTutorialsDefaultsAreItsOwn()
    {
        var options = SngpOptions.Tutorial();
        Assert.AreEqual(6, ((ResidualMlp)options.Backbone).NumberOfHiddenLayers);
        Assert.AreEqual(100, options.Training.NumberOfEpochs);
        Assert.AreEqual(128, options.Training.BatchSize);
        Assert.AreEqual(1e-4, options.Training.LearningRate);
        Assert.AreEqual(LearningRateSchedule.Constant, options.Training.LearningRateSchedule);
        Assert.AreEqual(128, ((ResidualMlp)options.Backbone).NumberOfHiddenUnits);
        Assert.AreEqual(GpInputNormalization.None, options.GaussianProcess.NormalizeGpInput);
        Assert.AreEqual(1, options.GaussianProcess.KernelScale);
        Assert.AreEqual(0, options.Posterior.FarRowFactor);
        Assert.AreEqual(CovarianceGathering.LastEpoch, options.Posterior.CovarianceGathering);
    }

    [TestMethod]
    public void TheOtherMethodsHaveTheTutorialsTenPassesAndMembers()
    {
        Assert.AreEqual(10, SngpOptions.MonteCarloDropout().NumberOfDropoutPasses);
        Assert.AreEqual(10, SngpOptions.DeepEnsemble().NumberOfMembers);
        Assert.AreEqual(10, SngpOptions.SngpEnsemble().NumberOfMembers);
    }
}
