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
        AssertRefused(new() { GaussianProcess = { Kernel = GaussianProcessKernel.Linear, OrthogonalRandomFeatures = true } },
            "OrthogonalRandomFeatures", "not random");
        AssertRefused(new() { Posterior = { Covariance = PosteriorCovariance.PerClass, Likelihood = GaussianProcessLikelihood.Poisson } },
            "Likelihood is Poisson", "PerClass");
        AssertRefused(
            new() { Posterior = { Covariance = PosteriorCovariance.PerClass, Likelihood = GaussianProcessLikelihood.BinaryLogistic } },
            "Likelihood is BinaryLogistic");
        AssertRefused(new() { Posterior = { CovarianceMomentum = 0.9 } }, "CovarianceMomentum is 0.9", "AfterTraining");
        AssertRefused(new() { Posterior = { CovarianceMomentum = 0.9, CovarianceGathering = CovarianceGathering.LastEpoch } },
            "CovarianceMomentum", "LastEpoch");
        AssertRefused(new() { Posterior = { CovarianceGathering = CovarianceGathering.Momentum } }, "CovarianceMomentum is null");
        AssertRefused(
            new() { Posterior = { PosteriorSamples = 10, MeanFieldFactor = 0.5 } }, "PosteriorSamples is 10", "MeanFieldFactor is 0.5");
        AssertRefused(
            new() { Posterior = { PosteriorSamples = 10, Likelihood = GaussianProcessLikelihood.Poisson } }, "PosteriorSamples", "rate");
        AssertRefused(
            new() { GaussianProcess = { OutputBias = double.NaN }, Posterior = { CovarianceMomentum = 2, PosteriorSamples = 0 }, Training =
            { BatchSize = 0 } }, "CovarianceMomentum is 2", "OutputBias is NaN", "PosteriorSamples is 0", "BatchSize is 0",
            "5 of the options");
    }

    [TestMethod]
    public void SamplesReplaceTheMeanFieldUnlessItIsSet()
    {
        Assert.IsNull(new SngpOptions { Posterior = { PosteriorSamples = 10 } }.Posterior.MeanFieldFactor);
        Assert.IsNull(new SngpOptions { Posterior = { MeanFieldFactor = null } }.Posterior.MeanFieldFactor);
        Assert.AreEqual(Math.PI / 8, new SngpOptions { Posterior = { PosteriorSamples = null } }.Posterior.MeanFieldFactor);
        _ = _ml.Sngp().Multiclass(new SngpOptions { Posterior = { PosteriorSamples = 10, MeanFieldFactor = null } });
    }

    [TestMethod]
    [DataRow(GaussianProcessLikelihood.BinaryLogistic)]
    [DataRow(GaussianProcessLikelihood.Poisson)]
    public void ALikelihoodForTwoClassesRefusesThree(GaussianProcessLikelihood likelihood)
    {
        var options = TwoClusters.QuickOptions();
        options.Posterior.Likelihood = likelihood;
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
        options.GaussianProcess.NumberOfRandomFeatures = 32_000;
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Sngp().Multiclass(options)
            .Fit(TwoClusters.Load(_ml, TwoClusters.Rows(30))));
        Assert.Contains("NumberOfRandomFeatures", error.Message);
    }

    [TestMethod]
    [DataRow(1e-6, false)]
    [DataRow(1e-12, true)]
    public void ANearlySingularPosteriorIsFiniteAndReported(double ridge, bool needsJitter)
    {
        var warnings = new List<string>();
        _ml.Log += (_, e) =>
        {
            if (e.Kind == Microsoft.ML.Runtime.ChannelMessageKind.Warning)
                warnings.Add(e.RawMessage);
        };
        var options = TwoClusters.QuickOptions();
        (options.Posterior.RidgePenalty, options.GaussianProcess.NumberOfRandomFeatures, options.GaussianProcess.ScaleRandomFeatures) =
            (ridge, 128, !needsJitter);
        var rows = TwoClusters.Rows(6);
        using var model = _ml.Sngp().Multiclass(options).Fit(TwoClusters.Load(_ml, Enumerable.Repeat(rows, 50).SelectMany(row => row)));
        foreach (var variance in model.Transform(TwoClusters.Load(_ml, TwoClusters.Rows(50, seed: 2))).GetColumn<float>("Variance"))
            Assert.IsTrue(float.IsFinite(variance) && variance >= 0);
        Assert.AreEqual(needsJitter, model.Model.Options["Jitter"] != "0");
        Assert.AreEqual(needsJitter, warnings.Any(message => message.Contains("nearly singular", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void PerClassTheVarianceIsAVectorAsPromised()
    {
        var options = TwoClusters.QuickOptions();
        options.Posterior.Covariance = PosteriorCovariance.PerClass;
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
        Assert.AreEqual(
            SchemaShape.Column.VectorKind.Vector, trainer.GetOutputSchema(shape).Single(column => column.Name == "Variance").Kind);
    }

    [TestMethod]
    public void PerClassAZipOfMLNetGivesTheSameColumns()
    {
        var options = TwoClusters.QuickOptions();
        options.Posterior.Covariance = PosteriorCovariance.PerClass;
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(60));
        using var model = _ml.Sngp().Multiclass(options).Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        var (expected, stock) = (model.Transform(data), _ml.Model.Load(stream, out _).Transform(data));
        foreach (var column in new[] { "Variance", "Score" })
        {
            var (left, right) = (expected.GetColumn<float[]>(column).ToArray(), stock.GetColumn<float[]>(column).ToArray());
            // The stock transformer scores a row by itself, for which ONNX Runtime multiplies otherwise.
            for (var row = 0; row < left.Length; row++)
            {
                for (var label = 0; label < left[row].Length; label++)
                    Assert.AreEqual(left[row][label], right[row][label], 1e-5f);
            }
        }
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
            case "linear": options.GaussianProcess.Kernel = GaussianProcessKernel.Linear; break;
            case "orthogonal, normalised": (options.GaussianProcess.OrthogonalRandomFeatures, options.GaussianProcess.NormalizeGpInput) =
                (true, GpInputNormalization.LayerNorm); break;
            case "last epoch, binary logistic": (options.Posterior.CovarianceGathering, options.Posterior.Likelihood) =
                (CovarianceGathering.LastEpoch, GaussianProcessLikelihood.BinaryLogistic); break;
            case "momentum": (options.Posterior.CovarianceGathering, options.Posterior.CovarianceMomentum) =
                (CovarianceGathering.Momentum, 0.99); break;
            case "Poisson": options.Posterior.Likelihood = GaussianProcessLikelihood.Poisson; break;
            case "per class, last epoch": (options.Posterior.CovarianceGathering, options.Posterior.Covariance) =
                (CovarianceGathering.LastEpoch, PosteriorCovariance.PerClass); break;
            case "samples": options.Posterior.PosteriorSamples = 20; break;
        }
        var before = LiveTensors.Count;
        using var model = _ml.Sngp().Multiclass(options).Fit(TwoClusters.Load(_ml, TwoClusters.Rows(200)));
        LiveTensors.AssertFreed(before, options);
        var test = TwoClusters.Load(_ml, TwoClusters.Rows(100, seed: 2));
        Assert.IsGreaterThan(0.97, _ml.Sngp().Evaluate(model.Transform(test)).Accuracy);
        var first = model.Transform(test).GetColumn<float[]>("Score").SelectMany(row => row).ToArray();
        CollectionAssert.AreEqual(first, model.Transform(test).GetColumn<float[]>("Score").SelectMany(row => row).ToArray());
    }

    private void AssertRefused(SngpOptions options, params string[] expected)
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Multiclass(options));
        foreach (var part in expected)
            Assert.Contains(part, error.Message);
    }

    private sealed class Nothing
    {
    }
}
