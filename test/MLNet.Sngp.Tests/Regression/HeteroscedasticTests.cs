using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Tests.Contracts;
using MLNet.Sngp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Regression;

/// <summary>Noise that is a function of the row.</summary>
[TestClass]
public class HeteroscedasticTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void ItLearnsWhereLabelsScatter()
    {
        // The deviation is 0.5 left of 0 and 2 right of it.
        var rows = Waves.Rows(4000);
        var random = new SeededRandom(7, RandomPurpose.RowOrder);
        foreach (var row in rows)
            row.Label = (float)(10 + (5 * Math.Sin(row.Features[0])) + ((row.Features[0] < 0 ? 0.5 : 2) * random.NextGaussian()));
        using var model = _ml.Sngp().Regression(Options(30)).Fit(_ml.Data.LoadFromEnumerable(rows));
        var test = Waves.Rows(1000, seed: 3);
        var noise = model.Transform(_ml.Data.LoadFromEnumerable(test)).GetColumn<float>("NoiseVariance").ToArray();
        Assert.AreEqual(0.25, Geometric(x => x < -0.5), 0.1);
        Assert.AreEqual(4, Geometric(x => x > 0.5), 1);

        double Geometric(Func<float, bool> isMeant) =>
            Math.Exp(noise.Where((_, i) => isMeant(test[i].Features[0])).Average(variance => Math.Log(variance)));
    }

    [TestMethod]
    public void TheLossIsTheNegativeLogLikelihoodAndTheCurvatureItsSecondDerivative()
    {
        using var scope = NewDisposeScope();
        var likelihood = HeteroscedasticGaussian.Instance;
        var outputs = tensor(new[] { 0.3, -1.0, 2.0, 0.7 }, dtype: ScalarType.Float64).view(2, 2).requires_grad_(true);
        var labels = tensor(new[] { 1.0, -0.5 }, dtype: ScalarType.Float64);
        var loss = likelihood.Loss(outputs, labels);
        Assert.AreEqual(0.5 * (-1 + (0.49 * Math.E)), loss[0].item<double>(), 1e-12);
        Assert.AreEqual(0.5 * (0.7 + (6.25 * Math.Exp(-0.7))), loss[1].item<double>(), 1e-12);
        var curvature = likelihood.Curvature(new PosteriorOptions(), outputs);
        Assert.AreEqual(Math.E, curvature[0, 0].item<double>(), 1e-12);
        Assert.AreEqual(Math.Exp(-0.7), curvature[1, 0].item<double>(), 1e-12);
    }

    [TestMethod]
    [DataRow("Sngp")]
    [DataRow("Deterministic")]
    [DataRow("DeepEnsemble")]
    [DataRow("SngpMonteCarloDropout")]
    [DataRow("SngpEnsemble")]
    public void EveryMethodKeepsItsPromiseAndScoresAlikeElsewhere(string method)
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(60));
        var trainer = Methods.Create(_ml, method, LearningTask.Regression, options => options.HeteroscedasticNoise = true);
        using var model = trainer.Fit(data);
        TransformerContract.Check(model, data, 60);
        using var onnx = new MemoryStream();
        model.SaveAsOnnx(onnx);
        OnnxRun.Keep(onnx.ToArray(), $"heteroscedastic-{method}");
        var alone = OnnxRun.Run(onnx.ToArray(), data);
        using var zip = new MemoryStream();
        _ml.Model.Save(model, data.Schema, zip);
        zip.Position = 0;
        var loaded = _ml.Model.Load(zip, out _);
        foreach (var column in model.Model.Outputs.Select(column => column.Name))
        {
            var expected = model.Transform(data).GetColumn<float>(column).ToArray();
            var rowwise = loaded.Transform(data).GetColumn<float>(column).ToArray();
            for (var i = 0; i < expected.Length; i++)
            {
                Assert.AreEqual(expected[i], ((float[])alone[column])[i], 1e-5f * Math.Max(1, Math.Abs(expected[i])), column);
                Assert.AreEqual(expected[i], rowwise[i], 1e-5f * Math.Max(1, Math.Abs(expected[i])), column);
            }
        }
        (loaded as IDisposable)?.Dispose();
    }

    [TestMethod]
    [DataRow("Deterministic", false)]
    [DataRow("DeepEnsemble", true)]
    [DataRow("SngpEnsemble", false)]
    [DataRow("Sngp", true)]
    public void FiniteFeaturesGiveFiniteNumbersInAnyUnit(string method, bool isHeteroscedastic)
    {
        foreach (var unit in new[] { 1e-15f, 1e11f })
        {
            foreach (var kernel in new[] { GaussianProcessKernel.Gaussian, GaussianProcessKernel.Linear })
            {
                var options = Methods.Options(method);
                options.HeteroscedasticNoise = isHeteroscedastic;
                if (options.Head == NetworkHead.GaussianProcess)
                    options.GaussianProcess.Kernel = kernel;
                var rows = Waves.Rows(60);
                foreach (var row in rows)
                    row.Label *= unit;
                using var model = _ml.Sngp().Regression(options).Fit(_ml.Data.LoadFromEnumerable(rows));
                float[][] far = [[1e4f, 3e3f], [1e9f, -1e9f], [-1e25f, 1e24f], [float.MaxValue, 1], [float.MinValue, float.MaxValue]];
                var scored = model.Transform(_ml.Data.LoadFromEnumerable(far.Select(features => new Waves.Row { Features = features })));
                foreach (var column in model.Model.Outputs.Select(column => column.Name))
                    Assert.IsTrue(scored.GetColumn<float>(column).All(float.IsFinite), $"{column}, unit {unit}, {kernel}");
            }
        }
    }

    [TestMethod]
    public void NaNFeaturesGiveNaNAndFarOnesNumbers()
    {
        using var model = _ml.Sngp().Regression(Options(2)).Fit(Waves.Load(_ml, 100));
        var rows = Waves.Rows(3, seed: 2);
        (rows[0].Features[0], rows[1].Features[1]) = (1e30f, float.NaN);
        var scored = model.Transform(_ml.Data.LoadFromEnumerable(rows));
        foreach (var column in model.Model.Outputs.Select(column => column.Name))
            CollectionAssert.AreEqual(new[] { false, true, false }, scored.GetColumn<float>(column).Select(float.IsNaN).ToArray(), column);
    }

    private static SngpOptions Options(int epochs)
    {
        var options = Waves.Options(epochs);
        options.HeteroscedasticNoise = true;
        return options;
    }
}
