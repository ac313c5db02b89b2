using System.Reflection;
using Microsoft.ML;
using MLNet.Sngp.Tests.Support;
using TorchSharp;

namespace MLNet.Sngp.Tests.Training;

/// <summary>A context that is told to cancel its execution stops its trainings.</summary>
[TestClass]
public class ContextCancellationTests
{
    [TestMethod]
    [DynamicData(nameof(Methods.All), typeof(Methods))]
    public void CancelExecutionStopsWithinOneStep(string method)
    {
        var ml = new MLContext(1);
        var data = TwoClusters.Load(ml, TwoClusters.Rows(50));
        var reports = new List<TrainingProgress>();
        var before = LiveTensors.Count;
        var trainer = Methods.Create(ml, method, options =>
        {
            options.Training.NumberOfEpochs = 10_000;
            options.Training.Progress = new Reporter(report =>
            {
                reports.Add(report);
                if (report.Epoch == 2)
                    Cancel(ml);
            });
        });
        Assert.ThrowsExactly<OperationCanceledException>(() => trainer.Fit(data));
        // Members that train beside this one go on while it is told: by some epochs, of 10,000 each.
        if (method.EndsWith("Ensemble", StringComparison.Ordinal))
            Assert.IsInRange(2, 9_999, reports.Count);
        else
            Assert.HasCount(2, reports);
        LiveTensors.AssertFreed(before, Methods.Options(method), isWhole: false);
    }

    [TestMethod]
    public void ATrainerOfACancelledContextDoesNotStart()
    {
        var ml = new MLContext(1);
        var data = TwoClusters.Load(ml, TwoClusters.Rows(50));
        var early = Methods.Create(ml, "Deterministic");
        Cancel(ml);
        Assert.ThrowsExactly<OperationCanceledException>(() => early.Fit(data));
        Assert.ThrowsExactly<OperationCanceledException>(() => Methods.Create(ml, "Deterministic").Fit(data));
        var other = new MLContext(1);
        using var model = Methods.Create(other, "Deterministic").Fit(data);
    }

    // ML.NET keeps it to itself; AutoML and Microsoft.ML.Experimental call it.
    private static void Cancel(MLContext ml) =>
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(ml, null);
}
