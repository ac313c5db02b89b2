using MLNet.Sngp.Layers;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using Microsoft.ML;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests;

/// <summary>The tutorial's numbers and those of other implementations, and what they make of a known row by closed forms; docs/names.md
/// lists them.</summary>
[TestClass]
public class SngpTrainerPresetsTests
{
    private static readonly Dictionary<string, Func<SngpOptions>> Presets = new()
    {
        ["Tutorial"] = SngpOptions.Tutorial,
        // edward2's RandomFeatureGaussianProcess, SpectralNormalization and mean_field_logits (as of January 2025).
        ["Edward2"] = () => new SngpOptions
        {
            Backbone = new ResidualMlp { SpectralNormBound = 0.95 },
            GaussianProcess =
            { KernelScale = 1, OrthogonalRandomFeatures = true, NormalizeGpInput = GpInputNormalization.LayerNorm, OutputWeightDecay = 0 },
            Posterior =
            { CovarianceGathering = CovarianceGathering.Momentum, CovarianceMomentum = 0.999, RidgePenalty = 1e-6, MeanFieldFactor = 1 },
        },

        // tensorflow/models, official.nlp.modeling.layers.
        ["TensorFlowModels"] = () => new SngpOptions
        {
            Backbone = new ResidualMlp { SpectralNormBound = 0.95 },
            GaussianProcess = { KernelScale = 1, NormalizeGpInput = GpInputNormalization.None },
            Posterior = { CovarianceGathering = CovarianceGathering.Momentum, CovarianceMomentum = 0.999, MeanFieldFactor = 1 },
        },

        // The paper's intent detection on CLINC out-of-scope (Liu et al. 2020).
        ["PaperClinc"] = () => new SngpOptions
        {
            Backbone = new ResidualMlp { SpectralNormBound = 0.95 },
            GaussianProcess = { NumberOfRandomFeatures = 2048, KernelScale = 2, NormalizeGpInput = GpInputNormalization.LayerNorm },
            Posterior =
            { CovarianceGathering = CovarianceGathering.Momentum, CovarianceMomentum = 0.999, RidgePenalty = 1e-3, MeanFieldFactor = 0.1 },
        },
    };

    [TestMethod]
    [DataRow("Tutorial", 0.9, 1024, 1.0, false, false, 1e-6, null, 1.0, Math.PI / 8)]
    [DataRow("Edward2", 0.95, 1024, 1.0, true, true, 0.0, 0.999, 1e-6, 1.0)]
    [DataRow("TensorFlowModels", 0.95, 1024, 1.0, false, false, 1e-6, 0.999, 1.0, 1.0)]
    [DataRow("PaperClinc", 0.95, 2048, 2.0, false, true, 1e-6, 0.999, 1e-3, 0.1)]
    public void TheNumbersAreTheSources(string preset, double bound, int features, double scale, bool orthogonal, bool normalized,
        double decay, double? momentum, double ridge, double factor)
    {
        var options = Presets[preset]();
        Assert.AreEqual(bound, ((ResidualMlp)options.Backbone).SpectralNormBound);
        Assert.AreEqual(1, ((ResidualMlp)options.Backbone).NumberOfPowerIterations);
        Assert.AreEqual(features, options.GaussianProcess.NumberOfRandomFeatures);
        Assert.AreEqual(scale, options.GaussianProcess.KernelScale);
        Assert.AreEqual(GaussianProcessKernel.Gaussian, options.GaussianProcess.Kernel);
        Assert.AreEqual(orthogonal, options.GaussianProcess.OrthogonalRandomFeatures);
        Assert.AreEqual(normalized ? GpInputNormalization.LayerNorm : GpInputNormalization.None, options.GaussianProcess.NormalizeGpInput);
        Assert.IsTrue(options.GaussianProcess.ScaleRandomFeatures);
        Assert.AreEqual(0.0, options.GaussianProcess.OutputBias);
        Assert.AreEqual(decay, options.GaussianProcess.OutputWeightDecay);
        Assert.AreEqual(GaussianProcessLikelihood.Gaussian, options.Posterior.Likelihood);
        Assert.AreEqual(PosteriorCovariance.Shared, options.Posterior.Covariance);
        Assert.AreEqual(
            momentum is null ? CovarianceGathering.LastEpoch : CovarianceGathering.Momentum, options.Posterior.CovarianceGathering);
        Assert.AreEqual(momentum, options.Posterior.CovarianceMomentum);
        Assert.AreEqual(ridge, options.Posterior.RidgePenalty);
        Assert.AreEqual(factor, options.Posterior.MeanFieldFactor);
    }

    [TestMethod]
    public void CifarsPresetsAreThoseOfUncertaintyBaselines()
    {
        var (ten, hundred) = (SngpOptions.WideResNetCifar10(), SngpOptions.WideResNetCifar100());
        Assert.AreEqual((0.08, 20.0), (ten.Training.LearningRate, ten.Posterior.MeanFieldFactor));
        Assert.AreEqual((0.04, 7.5), (hundred.Training.LearningRate, hundred.Posterior.MeanFieldFactor));
        var ml = new MLContext(1);
        foreach (var options in new[] { ten, hundred })
        {
            ml.Sngp().Multiclass(options);
            var backbone = (WideResNet)options.Backbone;
            Assert.AreEqual((28, 10, 16, 0.1, 6.0),
                (backbone.Depth, backbone.WidenFactor, backbone.BaseWidth, backbone.DropoutRate, backbone.SpectralNormBound));
            // Random features of standard deviation 1/20.
            Assert.AreEqual((20.0, false), (options.GaussianProcess.KernelScale, options.GaussianProcess.ScaleRandomFeatures));
            Assert.AreEqual((250, 256, 3e-4),
                (options.Training.NumberOfEpochs, options.Training.BatchSize, options.Training.WeightDecay));
        }
    }

    [TestMethod]
    public void TheTutorialSetsNetworkAndTrainingToo()
    {
        var options = SngpOptions.Tutorial();
        Assert.AreEqual(6, ((ResidualMlp)options.Backbone).NumberOfHiddenLayers);
        Assert.AreEqual(128, ((ResidualMlp)options.Backbone).NumberOfHiddenUnits);
        Assert.AreEqual(0.1, ((ResidualMlp)options.Backbone).DropoutRate);
        Assert.AreEqual(100, options.Training.NumberOfEpochs);
        Assert.AreEqual(128, options.Training.BatchSize);
        Assert.AreEqual(1e-4, options.Training.LearningRate);
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
        ((ResidualMlp)options.Backbone).NumberOfHiddenUnits = 8;
        var network = TestNetwork.Create(2, 2, 8, 2, options, 1, options.GaussianProcess.KernelScale!.Value);
        var row = network.RandomFeatures(tensor(new[] { 0.3f, -0.7f }, [1, 2])).to(ScalarType.Float64);
        var posterior = new PosteriorGathering(network, options).Posterior;
        posterior.Add(row.expand(rows, -1), weights: null);
        var square = row.square().sum().item<double>();
        // φφᵀ of the approximated kernel of a row with itself.
        Assert.AreEqual(1, square, 0.15);
        var (prior, count) = options.Posterior.CovarianceMomentum is { } m
            ? (m * options.Posterior.RidgePenalty, 1 - m)
            : (options.Posterior.RidgePenalty, rows);
        var expected = options.Posterior.RidgePenalty * square / (prior + count * square);
        var actual = row.mm(posterior.VarianceFactor(out _)).square().sum().item<double>();
        Assert.AreEqual(expected, actual, 1e-6 * expected);
        var golden = preset switch { "Tutorial" => 1.0 / 17, "Edward2" => 1e-6 / (0.999e-6 + 1e-3), "TensorFlowModels" => 1.0, _ =>
            1e-3 / (0.999e-3 + 1e-3) };
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
        (options.Training.NumberOfEpochs, ((ResidualMlp)options.Backbone).NumberOfHiddenLayers, ((ResidualMlp)options.Backbone)
            .NumberOfHiddenUnits, options.GaussianProcess.NumberOfRandomFeatures) = (20, 2, 16, 64);
        (options.Training.LearningRate, options.Seed, options.Training.Device) = (1e-2, 1, TrainingDevice.Cpu);
        var ml = new MLContext(1);
        using var model = ml.Sngp().Multiclass(options).Fit(TwoClusters.Load(ml, TwoClusters.Rows(200)));
        Assert.IsGreaterThan(0.95, ml.Sngp().Evaluate(model.Transform(TwoClusters.Load(ml, TwoClusters.Rows(100, seed: 2)))).Accuracy);
    }
}
