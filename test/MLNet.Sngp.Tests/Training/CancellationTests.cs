using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Tests.Support;
using TorchSharp;

namespace MLNet.Sngp.Tests.Training;

/// <summary>The token stops a training in each of its phases.</summary>
[TestClass]
public class CancellationTests
{
    [TestMethod]
    [DataRow("Sngp", null, null)]
    [DataRow("Sngp", 0.2, 20)]
    [DataRow("SngpEnsemble", null, null)]
    [DataRow("Deterministic", 0.2, null)]
    public void NothingIsLoggedAfterATokenIsCancelled(string method, double? fraction, int? maximum)
    {
        var all = Fit(stopAt: int.MaxValue);
        // The table, three epochs, and what comes after.
        Assert.IsGreaterThan(4, all);
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        for (var stop = 1; stop <= all; stop++)
            Assert.IsInRange(stop, stop + (method == "SngpEnsemble" ? Environment.ProcessorCount : 0), Fit(stop));
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);

        int Fit(int stopAt)
        {
            using var source = new CancellationTokenSource();
            var (ml, count) = (new MLContext(1), 0);
            ml.Log += (_, line) =>
            {
                // The channel itself says when it opens and closes, as trace.
                if (line.Kind == ChannelMessageKind.Info && line.Source.EndsWith("Training", StringComparison.Ordinal)
                    && Interlocked.Increment(ref count) == stopAt)
                    source.Cancel();
            };
            var trainer = Methods.Create(ml, method, options =>
                (options.Training.CancellationToken, options.Training.ValidationFraction, options.Training.MaximumRowsInMemory) =
                (source.Token, fraction, maximum));
            var data = TwoClusters.Load(ml, TwoClusters.Rows(50));
            if (stopAt == int.MaxValue)
                trainer.Fit(data).Dispose();
            else
                Assert.AreEqual(source.Token, Assert.ThrowsExactly<OperationCanceledException>(() => trainer.Fit(data)).CancellationToken);
            return count;
        }
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(250)]
    public void ReadingStopsAtTheRowThatItIsAt(long row)
    {
        using var source = new CancellationTokenSource();
        var original = new GeneratedView(300, 3);
        var view = new GeneratedView(300, 3)
        {
            Features = index =>
            {
                if (index == row)
                    source.Cancel();
                return original.Features(index);
            },
        };
        var trainer = Methods.Create(new MLContext(1), "Deterministic", options => options.Training.CancellationToken = source.Token);
        Assert.ThrowsExactly<OperationCanceledException>(() => trainer.Fit(view));
        Assert.AreEqual(row + 1, view.FeatureReads);
    }
}
