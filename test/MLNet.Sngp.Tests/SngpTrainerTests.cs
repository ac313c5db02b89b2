using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Tests.Support;
using TorchSharp;

namespace MLNet.Sngp.Tests;

[TestClass]
public class SngpTrainerTests
{
    [TestMethod]
    public void LearnsToTellTwoClustersApartAndToDoubtFarRows()
    {
        var ml = new MLContext(1);
        using var model = ml.Sngp().Multiclass(TwoClusters.QuickOptions(epochs: 30)).Fit(TwoClusters.Load(ml, TwoClusters.Rows(200)));
        var test = TwoClusters.Rows(100, seed: 2);
        var scored = model.Transform(TwoClusters.Load(ml, test));
        var predicted = scored.GetColumn<uint>("PredictedLabel").ToArray();
        var labels = scored.GetColumn<uint>("Label").ToArray();
        Assert.IsGreaterThanOrEqualTo(99, predicted.Zip(labels).Count(pair => pair.First == pair.Second));

        var far = test.Select(row => new TwoClusters.Row { Features = [row.Features[0] + 8, row.Features[1] - 8], Label = row.Label })
            .ToArray();
        var near = scored.GetColumn<float>("Variance").Average();
        var distant = model.Transform(TwoClusters.Load(ml, far)).GetColumn<float>("Variance").Average();
        Assert.IsGreaterThan(5 * near, distant);
    }

    [TestMethod]
    public void TheSameSeedGivesTheSameModelBytes()
    {
        var threads = torch.get_num_threads();
        torch.set_num_threads(1);
        try
        {
            CollectionAssert.AreEqual(ModelBytes(seed: 5), ModelBytes(seed: 5));
            CollectionAssert.AreNotEqual(ModelBytes(seed: 5), ModelBytes(seed: 6));
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    [TestMethod]
    public void WithoutASeedTheContextDecides()
    {
        CollectionAssert.AreEqual(ModelBytes(seed: null), ModelBytes(seed: null));
    }

    [TestMethod]
    public void NoTensorIsLeftAfterFit()
    {
        var before = LiveTensors;
        var ml = new MLContext(1);
        using var model = ml.Sngp().Multiclass(TwoClusters.QuickOptions()).Fit(TwoClusters.Load(ml, TwoClusters.Rows(50)));
        Assert.AreEqual(before, LiveTensors);
    }

    [TestMethod]
    public void NoTensorIsLeftAfterFailureOrCancellation()
    {
        var before = LiveTensors;
        var ml = new MLContext(1);
        var data = TwoClusters.Load(ml, TwoClusters.Rows(50));
        var overflowing = TwoClusters.Rows(50);
        overflowing[0].Features = [float.MaxValue, float.MaxValue];
        var options = TwoClusters.QuickOptions();
        options.GaussianProcess.KernelScale = 1;
        ((ResidualMlp)options.Backbone).NormalizeFeatures = false;
        var error =
            Assert.ThrowsExactly<InvalidOperationException>(() => ml.Sngp().Multiclass(options).Fit(TwoClusters.Load(ml, overflowing)));
        Assert.Contains("epoch 1", error.Message);
        using var source = new CancellationTokenSource();
        var cancelled = TwoClusters.QuickOptions(epochs: 1000);
        cancelled.Training.CancellationToken = source.Token;
        cancelled.Training.Progress = new Reporter(_ => source.Cancel());
        Assert.ThrowsExactly<OperationCanceledException>(() => ml.Sngp().Multiclass(cancelled).Fit(data));
        Assert.AreEqual(before, LiveTensors);
    }

    [TestMethod]
    public void CancellationStopsWithinOneStep()
    {
        using var source = new CancellationTokenSource();
        var reports = new List<TrainingProgress>();
        var options = TwoClusters.QuickOptions(epochs: 1000);
        options.Training.CancellationToken = source.Token;
        options.Training.Progress = new Reporter(state =>
        {
            reports.Add(state);
            if (state.Epoch == 3)
                source.Cancel();
        });
        var ml = new MLContext(1);
        Assert.ThrowsExactly<OperationCanceledException>(
            () => ml.Sngp().Multiclass(options).Fit(TwoClusters.Load(ml, TwoClusters.Rows(50))));
        Assert.HasCount(3, reports);
    }

    [TestMethod]
    public void ProgressIsReportedOnceAnEpoch()
    {
        var reports = new List<TrainingProgress>();
        var options = TwoClusters.QuickOptions(epochs: 4);
        options.Training.Progress = new Reporter(reports.Add);
        var ml = new MLContext(1);
        using var model = ml.Sngp().Multiclass(options).Fit(TwoClusters.Load(ml, TwoClusters.Rows(50)));
        CollectionAssert.AreEqual(new[] { 1, 2, 3, 4 }, reports.Select(state => state.Epoch).ToArray());
        CollectionAssert.AreEqual(new long[] { 4, 8, 12, 16 }, reports.Select(state => state.Step).ToArray());
        Assert.IsTrue(reports.All(state => state.NumberOfEpochs == 4 && state.NumberOfSteps == 16 && double.IsFinite(state.Loss)));
        Assert.IsLessThan(reports[0].Loss, reports[3].Loss);
    }

    [TestMethod]
    public void TheLogTellsTheKernelScaleAndTheSeed()
    {
        var messages = new List<string>();
        var ml = new MLContext(1);
        ml.Log += (_, e) => messages.Add(e.Message);
        using var model = ml.Sngp().Multiclass(TwoClusters.QuickOptions()).Fit(TwoClusters.Load(ml, TwoClusters.Rows(50)));
        Assert.IsTrue(messages.Any(message => message.Contains("kernel scale") && message.Contains("seed 1")));
    }

    [TestMethod]
    public void OptionsAreCopiedAndNeverChanged()
    {
        var ml = new MLContext(1);
        var options = TwoClusters.QuickOptions();
        options.Seed = null;
        var trainer = ml.Sngp().Multiclass(options);
        options.FeatureColumnName = "Nowhere";
        using var model = trainer.Fit(TwoClusters.Load(ml, TwoClusters.Rows(50)));
        Assert.AreEqual("Features", model.FeatureColumnName);
        Assert.IsNull(options.Seed);
        Assert.IsNull(options.GaussianProcess.KernelScale);
    }

    [TestMethod]
    public void RowsWithoutALabelAreSkippedAndCounted()
    {
        var warnings = new List<string>();
        var ml = new MLContext(1);
        ml.Log += (_, e) => { if (e.Kind == ChannelMessageKind.Warning) warnings.Add(e.RawMessage); };
        var rows = TwoClusters.Rows(40);
        var keys = ml.Data.LoadFromEnumerable(new[] { new { Label = "low" }, new { Label = "high" } });
        rows[3].Label = "unknown";
        rows[8].Label = "";
        var data = ml.Data.LoadFromEnumerable(rows);
        var keyed = ml.Transforms.Conversion.MapValueToKey("Label", keyData: keys).Fit(data).Transform(data);
        using var model = ml.Sngp().Multiclass(TwoClusters.QuickOptions()).Fit(keyed);
        Assert.IsTrue(
            warnings.Any(message => message.Contains("2 of 40 rows") && message.Contains("'Label'")), string.Join("; ", warnings));
    }

    // Of this thread alone, so that finalisers elsewhere do not disturb the count.
    private static long LiveTensors => DisposeScopeManager.Statistics.ThreadTotalLiveCount;

    private static byte[] ModelBytes(int? seed)
    {
        var ml = new MLContext(1);
        var options = TwoClusters.QuickOptions();
        options.Seed = seed;
        using var model = ml.Sngp().Multiclass(options).Fit(TwoClusters.Load(ml, TwoClusters.Rows(50)));
        using var stream = new MemoryStream();
        model.SaveAsOnnx(stream);
        return stream.ToArray();
    }

}
