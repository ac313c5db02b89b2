using Microsoft.ML;
using MLNet.Sngp.Stress;
using MLNet.Sngp.Tests.Support;
using TorchSharp;

namespace MLNet.Sngp.Tests.Training;

/// <summary>Nothing that native code reads is freed by a garbage collection; see decision 0015. The long run is the stress scenario of this
/// name.</summary>
[TestClass]
public sealed class CollectorTests
{
    [TestMethod]
    [DynamicData(nameof(Methods.All), typeof(Methods))]
    public void AModelIsTheSameBesideAThreadThatCollects(string method)
    {
        var alone = Train(method);

        using var collecting = new Collecting();

        for (var i = 0; i < 10; i++)
            CollectionAssert.AreEqual(alone, Train(method));
    }

    /// <summary>A scope holds its tensors; one made outside could go as soon as an operator has taken its address.</summary>
    [TestMethod]
    [DataRow("Sngp")]
    [DataRow("Deterministic")]
    [DataRow("MonteCarloDropout")]
    public void EveryTensorOfATrainingBelongsToADisposeScope(string method)
    {
        var tensors = DisposeScopeManager.Statistics.TensorStatistics;
        var (held, outside) = (tensors.CreatedInScopeCount, tensors.CreatedOutsideScopeCount);
        Assert.AreEqual(Detached(1), Detached(10), "TorchSharp detaches what a module holds before it disposes it; no step does.");
        Assert.IsGreaterThan(held, tensors.CreatedInScopeCount);
        Assert.AreEqual(outside, tensors.CreatedOutsideScopeCount);

        long Detached(int epochs)
        {
            var before = tensors.DetachedFromScopeCount;
            Train(method, epochs);
            return tensors.DetachedFromScopeCount - before;
        }
    }

    private static byte[] Train(string method, int epochs = 10)
    {
        var ml = new MLContext(seed: 1);
        var model = Methods.Create(ml, method, options => options.Training.NumberOfEpochs = epochs)
            .Fit(TwoClusters.Load(ml, TwoClusters.Rows(200)));
        return ModelBytes.Of(model);
    }
}
