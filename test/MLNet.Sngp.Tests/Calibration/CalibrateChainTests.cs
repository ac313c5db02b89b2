using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Calibration;

/// <summary>Calibration of pipelines: everything but the model stays as it is.</summary>
[TestClass]
public class CalibrateChainTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void ScopesAreKeptSoThatScoringAndExportNeedNoLabel()
    {
        var calibrated = _ml.Sngp().Calibrate(Pipeline().Fit(Rows(200)), Rows(100, seed: 5));
        Assert.HasCount(3, calibrated.ToList());
        Assert.HasCount(2, calibrated.GetModelFor(TransformerScope.Scoring).ToList());
        var unlabelled = _ml.Data.LoadFromEnumerable(TwoClusters.Rows(10).Select(row => new Unlabelled { Features = row.Features }));
        Assert.HasCount(10, calibrated.Transform(unlabelled).GetColumn<float[]>("Score").ToList());
        using var onnx = new MemoryStream();
        calibrated.SaveAsOnnx(_ml, unlabelled, onnx);
        Assert.IsGreaterThan(0, onnx.Length);
    }

    [TestMethod]
    public void AChainThatEndsInMapKeyToValueKeepsItsEnd()
    {
        var chain = Pipeline().Append(_ml.Transforms.Conversion.MapKeyToValue("PredictedLabel")).Fit(Rows(200));
        TransformerChain<KeyToValueMappingTransformer> calibrated = _ml.Sngp().Calibrate(chain, Rows(100, seed: 5), out var report);
        Assert.AreSame(chain.LastTransformer, calibrated.LastTransformer);
        Assert.AreEqual((float)report.Temperature, Model(calibrated).Temperature);
        Assert.AreEqual("high", calibrated.Transform(Rows(2)).GetColumn<string>("PredictedLabel").Last());
    }

    [TestMethod]
    public void WhatLoadGivesIsCalibratedAndSavedAgain()
    {
        var loaded = Reload(Pipeline().Fit(Rows(200)));
        ITransformer calibrated = _ml.Sngp().Calibrate(loaded, Rows(100, seed: 5), out var report);
        Assert.AreEqual((float)report.Temperature, Model(calibrated).Temperature);
        Assert.AreEqual((float)report.Temperature, Model(Reload(calibrated)).Temperature);
        Assert.AreEqual(report.LogLossAfter, _ml.Sngp().Evaluate(((TransformerChain<ITransformer>)calibrated).Transform(Rows(100, seed: 5), TransformerScope.Testing)).LogLoss, 1e-6);
    }

    [TestMethod]
    public void AChainWithinAChainKeepsItsScopes()
    {
        var inner = Pipeline().Fit(Rows(200));
        var copy = _ml.Transforms.CopyColumns("Again", "Uncertainty").Fit(inner.Transform(Rows(2)));
        var outer = new TransformerChain<ITransformer>([inner, copy], [TransformerScope.Everything, TransformerScope.Testing]);
        var calibrated = _ml.Sngp().Calibrate(outer, Rows(100, seed: 5));
        Assert.HasCount(1, calibrated.GetModelFor(TransformerScope.Scoring).ToList());
        Assert.AreSame(copy, calibrated.LastTransformer);
        var within = (TransformerChain<SngpTransformer>)calibrated.First();
        Assert.HasCount(2, within.GetModelFor(TransformerScope.Scoring).ToList());
        Assert.AreNotEqual(1f, within.LastTransformer.Temperature);
        Assert.AreEqual(1f, inner.LastTransformer.Temperature);
    }

    [TestMethod]
    public void OfSeveralModelsTheLastIsCalibrated()
    {
        var trainer = _ml.Sngp().Multiclass(TwoClusters.QuickOptions());
        var chain = _ml.Transforms.Conversion.MapValueToKey("Label").Append(trainer).Append(trainer).Fit(Rows(200));
        var models = _ml.Sngp().Calibrate(chain, Rows(100, seed: 5)).OfType<SngpTransformer>().ToList();
        Assert.AreEqual(1f, models[0].Temperature);
        Assert.AreNotEqual(1f, models[1].Temperature);
    }

    [TestMethod]
    public void APipelineWithoutAModelIsRefusedByItsSteps()
    {
        var chain = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Transforms.NormalizeMeanVariance("Features")).Fit(Rows(10));
        var error = Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Calibrate(chain, Rows(10)));
        Assert.Contains("ValueToKeyMappingTransformer, NormalizingTransformer", error.Message);
        Assert.Contains("mlContext.Sngp().Load", error.Message);
    }

    private static SngpTransformer Model(ITransformer chain) => ((IEnumerable<ITransformer>)chain).OfType<SngpTransformer>().Single();

    private EstimatorChain<SngpTransformer> Pipeline() => new EstimatorChain<ITransformer>()
        .Append(_ml.Transforms.Conversion.MapValueToKey("Label"), TransformerScope.TrainTest)
        .Append(_ml.Transforms.NormalizeMeanVariance("Features", fixZero: false))
        .Append(_ml.Sngp().Multiclass(TwoClusters.QuickOptions()));

    private ITransformer Reload(ITransformer model)
    {
        using var zip = new MemoryStream();
        _ml.Model.Save(model, Rows(1).Schema, zip);
        zip.Position = 0;
        return _ml.Sngp().Load(zip, out _);
    }

    private IDataView Rows(int count, int seed = 1) => _ml.Data.LoadFromEnumerable(TwoClusters.Rows(count, seed));

    private sealed class Unlabelled
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
