using Microsoft.ML;
using MLNet.Sngp.Modules;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests;

/// <summary>Each preset's numbers, and what they make of a known row by closed forms.</summary>
[TestClass]
public class SngpTrainerPresetsTests
{
    private static readonly Dictionary<string, Func<SngpTrainer.Options>> Presets = new()
    {
        ["Tutorial"] = () => SngpTrainer.Options.Tutorial,
        ["Edward2"] = () => SngpTrainer.Options.Edward2,
        ["TensorFlowModels"] = () => SngpTrainer.Options.TensorFlowModels,
        ["PaperClinc"] = () => SngpTrainer.Options.PaperClinc,
    };

    [TestMethod]
    [DataRow("Tutorial", 0.9, 1024, 1.0, false, false, 1e-6, null, 1.0, Math.PI / 8)]
    [DataRow("Edward2", 0.95, 1024, 1.0, true, true, 0.0, 0.999, 1e-6, 1.0)]
    [DataRow("TensorFlowModels", 0.95, 1024, 1.0, false, false, 1e-6, 0.999, 1.0, 1.0)]
    [DataRow("PaperClinc", 0.95, 2048, 2.0, false, true, 1e-6, 0.999, 1e-3, 0.1)]
    public void TheNumbersAreTheSources(string preset, double bound, int features, double scale, bool orthogonal, bool normalized, double decay, double? momentum, double ridge, double factor)
    {
        var options = Presets[preset]();
        Assert.AreEqual(bound, options.SpectralNormBound);
        Assert.AreEqual(1, options.NumberOfPowerIterations);
        Assert.AreEqual(features, options.NumberOfRandomFeatures);
        Assert.AreEqual(scale, options.KernelScale);
        Assert.AreEqual(GaussianProcessKernel.Gaussian, options.Kernel);
        Assert.AreEqual(orthogonal, options.OrthogonalRandomFeatures);
        Assert.AreEqual(normalized, options.NormalizeGpInput);
        Assert.IsTrue(options.ScaleRandomFeatures);
        Assert.AreEqual(0.0, options.OutputBias);
        Assert.AreEqual(decay, options.OutputWeightDecay);
        Assert.AreEqual(GaussianProcessLikelihood.Gaussian, options.Likelihood);
        Assert.AreEqual(PosteriorCovariance.Shared, options.Covariance);
        Assert.AreEqual(momentum is null ? CovarianceGathering.LastEpoch : CovarianceGathering.Momentum, options.CovarianceGathering);
        Assert.AreEqual(momentum, options.CovarianceMomentum);
        Assert.AreEqual(ridge, options.RidgePenalty);
        Assert.AreEqual(factor, options.MeanFieldFactor);
    }

    [TestMethod]
    public void TheTutorialSetsNetworkAndTrainingToo()
    {
        var options = SngpTrainer.Options.Tutorial;
        Assert.AreEqual(6, options.NumberOfHiddenLayers);
        Assert.AreEqual(128, options.NumberOfHiddenUnits);
        Assert.AreEqual(0.1, options.DropoutRate);
        Assert.AreEqual(100, options.NumberOfEpochs);
        Assert.AreEqual(128, options.BatchSize);
        Assert.AreEqual(1e-4, options.LearningRate);
    }

    /// <summary>
    /// One batch that holds a row φ n times: along φ the precision is q + c·|φ|² with (q, c) = (ridge, n), or with momentum (m·ridge, 1 −
    /// m), so that σ²(φ) = ridge·|φ|²/(q + c·|φ|²), and a logit of 1 becomes 1/√(1 + λσ²).
    /// </summary>
    [TestMethod]
    [DataRow("Tutorial")]
    [DataRow("Edward2")]
    [DataRow("TensorFlowModels")]
    [DataRow("PaperClinc")]
    public void ARowThatIsTheWholeBatchHasItsClosedForm(string preset)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        const int rows = 16;
        var options = Presets[preset]();
        options.NumberOfHiddenUnits = 8;
        var network = new SngpNetwork(new NetworkShape(2, 2, 8, 2), options, 1, CPU, _ => options.KernelScale!.Value);
        var row = network.RandomFeatures(tensor(new[] { 0.3f, -0.7f }, [1, 2])).to(ScalarType.Float64);
        var posterior = new PosteriorGathering(network, options).Posterior;
        posterior.Add(row.expand(rows, -1), weights: null);
        var square = row.square().sum().item<double>();
        // φφᵀ of the approximated kernel of a row with itself.
        Assert.AreEqual(1, square, 0.15);
        var (prior, count) = options.CovarianceMomentum is { } m ? (m * options.RidgePenalty, 1 - m) : (options.RidgePenalty, rows);
        var expected = options.RidgePenalty * square / (prior + count * square);
        var actual = row.mm(posterior.VarianceFactor(out _)).square().sum().item<double>();
        Assert.AreEqual(expected, actual, 1e-6 * expected);
        var golden = preset switch { "Tutorial" => 1.0 / 17, "Edward2" => 1e-6 / (0.999e-6 + 1e-3), "TensorFlowModels" => 1.0, _ => 1e-3 / (0.999e-3 + 1e-3) };
        Assert.AreEqual(golden, actual, 0.15 * golden);
    }

    [TestMethod]
    [DataRow("Tutorial")]
    [DataRow("Edward2")]
    [DataRow("TensorFlowModels")]
    [DataRow("PaperClinc")]
    public void EachGivesNewOptionsThatTrain(string preset)
    {
        var options = Presets[preset]();
        Assert.AreNotSame(options, Presets[preset]());
        (options.NumberOfEpochs, options.NumberOfHiddenLayers, options.NumberOfHiddenUnits, options.NumberOfRandomFeatures) = (20, 2, 16, 64);
        (options.LearningRate, options.Seed, options.Device) = (1e-2, 1, TrainingDevice.Cpu);
        var ml = new MLContext(1);
        using var model = ml.Sngp().Multiclass(options).Fit(TwoClusters.Load(ml, TwoClusters.Rows(200)));
        Assert.IsGreaterThan(0.95, ml.Sngp().Evaluate(model.Transform(TwoClusters.Load(ml, TwoClusters.Rows(100, seed: 2)))).Accuracy);
    }
}
