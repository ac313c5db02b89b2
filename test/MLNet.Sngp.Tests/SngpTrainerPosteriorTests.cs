using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests;

/// <summary>The options of layer and posterior through the estimator.</summary>
[TestClass]
public class SngpTrainerPosteriorTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void EachContradictionIsListedWithItsReason()
    {
        AssertRefused(new() { Kernel = GaussianProcessKernel.Linear, OrthogonalRandomFeatures = true }, "OrthogonalRandomFeatures", "not random");
        AssertRefused(new() { Covariance = PosteriorCovariance.PerClass, Likelihood = GaussianProcessLikelihood.Poisson }, "Likelihood is Poisson", "PerClass");
        AssertRefused(new() { Covariance = PosteriorCovariance.PerClass, Likelihood = GaussianProcessLikelihood.BinaryLogistic }, "Likelihood is BinaryLogistic");
        AssertRefused(new() { CovarianceMomentum = 0.9 }, "CovarianceMomentum is 0.9", "AfterTraining");
        AssertRefused(new() { CovarianceMomentum = 0.9, CovarianceGathering = CovarianceGathering.LastEpoch }, "CovarianceMomentum", "LastEpoch");
        AssertRefused(new() { CovarianceGathering = CovarianceGathering.Momentum }, "CovarianceMomentum is null");
        AssertRefused(new() { PosteriorSamples = 10, MeanFieldFactor = 0.5 }, "PosteriorSamples is 10", "MeanFieldFactor is 0.5");
        AssertRefused(new() { PosteriorSamples = 10, Likelihood = GaussianProcessLikelihood.Poisson }, "PosteriorSamples", "rate");
        AssertRefused(new() { CovarianceMomentum = 2, OutputBias = double.NaN, PosteriorSamples = 0, BatchSize = 0 }, "CovarianceMomentum is 2", "OutputBias is NaN", "PosteriorSamples is 0", "BatchSize is 0", "5 of the options");
    }

    [TestMethod]
    public void SamplesReplaceTheMeanFieldUnlessItIsSet()
    {
        Assert.IsNull(new SngpTrainer.Options { PosteriorSamples = 10 }.MeanFieldFactor);
        Assert.IsNull(new SngpTrainer.Options { MeanFieldFactor = null }.MeanFieldFactor);
        Assert.AreEqual(Math.PI / 8, new SngpTrainer.Options { PosteriorSamples = null }.MeanFieldFactor);
        _ = _ml.Sngp().Multiclass(new SngpTrainer.Options { PosteriorSamples = 10, MeanFieldFactor = null });
    }

    [TestMethod]
    [DataRow(GaussianProcessLikelihood.BinaryLogistic)]
    [DataRow(GaussianProcessLikelihood.Poisson)]
    public void ALikelihoodForTwoClassesRefusesThree(GaussianProcessLikelihood likelihood)
    {
        var options = TwoClusters.QuickOptions();
        options.Likelihood = likelihood;
        var rows = TwoClusters.Rows(30);
        rows[0].Label = "third";
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Sngp().Multiclass(options).Fit(TwoClusters.Load(_ml, rows)));
        Assert.Contains($"Likelihood is {likelihood}", error.Message);
        Assert.Contains("'Label' has 3", error.Message);
    }

    [TestMethod]
    public void APosteriorThatNoFileHoldsIsRefusedBeforeTraining()
    {
        var options = TwoClusters.QuickOptions();
        options.NumberOfRandomFeatures = 32_000;
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Sngp().Multiclass(options).Fit(TwoClusters.Load(_ml, TwoClusters.Rows(30))));
        Assert.Contains("NumberOfRandomFeatures", error.Message);
    }

    [TestMethod]
    public void PerClassTheVarianceIsAVectorAsPromised()
    {
        var options = TwoClusters.QuickOptions();
        options.Covariance = PosteriorCovariance.PerClass;
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(60));
        var trainer = _ml.Sngp().Multiclass(options);
        using var model = trainer.Fit(data);
        var scored = model.Transform(data);
        var type = (VectorDataViewType)scored.Schema["Variance"].Type;
        Assert.AreEqual(2, type.Size);
        foreach (var row in scored.GetColumn<float[]>("Variance"))
            Assert.IsTrue(row.All(value => value >= 0 && float.IsFinite(value)));
        var shape = _ml.Transforms.Conversion.MapValueToKey("Label").GetOutputSchema(
            _ml.Transforms.CustomMapping<Nothing, TwoClusters.Row>((_, _) => { }, null).GetOutputSchema(new SchemaShape([])));
        Assert.AreEqual(SchemaShape.Column.VectorKind.Vector, trainer.GetOutputSchema(shape).Single(column => column.Name == "Variance").Kind);
    }

    [TestMethod]
    [DataRow("linear")]
    [DataRow("orthogonal, normalised")]
    [DataRow("last epoch, binary logistic")]
    [DataRow("momentum")]
    [DataRow("Poisson")]
    [DataRow("per class, last epoch")]
    [DataRow("samples")]
    public void EveryModeLearnsTheClusters(string mode)
    {
        var options = TwoClusters.QuickOptions(epochs: 30);
        switch (mode)
        {
            case "linear": options.Kernel = GaussianProcessKernel.Linear; break;
            case "orthogonal, normalised": (options.OrthogonalRandomFeatures, options.NormalizeGpInput) = (true, true); break;
            case "last epoch, binary logistic": (options.CovarianceGathering, options.Likelihood) = (CovarianceGathering.LastEpoch, GaussianProcessLikelihood.BinaryLogistic); break;
            case "momentum": (options.CovarianceGathering, options.CovarianceMomentum) = (CovarianceGathering.Momentum, 0.99); break;
            case "Poisson": options.Likelihood = GaussianProcessLikelihood.Poisson; break;
            case "per class, last epoch": (options.CovarianceGathering, options.Covariance) = (CovarianceGathering.LastEpoch, PosteriorCovariance.PerClass); break;
            case "samples": options.PosteriorSamples = 20; break;
        }
        var before = TorchSharp.torch.Tensor.TotalCount;
        using var model = _ml.Sngp().Multiclass(options).Fit(TwoClusters.Load(_ml, TwoClusters.Rows(200)));
        Assert.AreEqual(before, TorchSharp.torch.Tensor.TotalCount);
        var test = TwoClusters.Load(_ml, TwoClusters.Rows(100, seed: 2));
        Assert.IsGreaterThan(0.97, _ml.Sngp().Evaluate(model.Transform(test)).Accuracy);
        var first = model.Transform(test).GetColumn<float[]>("Score").SelectMany(row => row).ToArray();
        CollectionAssert.AreEqual(first, model.Transform(test).GetColumn<float[]>("Score").SelectMany(row => row).ToArray());
    }

    private void AssertRefused(SngpTrainer.Options options, params string[] expected)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Multiclass(options));
        foreach (var part in expected)
            Assert.Contains(part, error.Message);
    }

    private sealed class Nothing
    {
    }
}
