using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Scoring;

[TestClass]
public sealed class ThreadTests
{
    private readonly MLContext _context = new(seed: 1);

    [TestMethod]
    public void SixteenThreadsOfCursorsSetsAndEnginesGetTheSame()
    {
        using var transformer = SmallModel.Transformer(_context);
        var table = SampleTable.Create(_context, 3000);
        var scored = transformer.Transform(table);
        var expected = scored.GetColumn<float>("Variance").ToArray();
        OnThreads(16, thread =>
        {
            if (thread % 2 == 0)
                CollectionAssert.AreEqual(expected, scored.GetColumn<float>("Variance").ToArray());
            else
                CheckEngine(transformer, expected);
        });
    }

    [TestMethod]
    public void DisposalWhileOthersScoreEndsInObjectDisposedException()
    {
        for (var round = 0; round < 5; round++)
        {
            var transformer = SmallModel.Transformer(_context);
            var scored = transformer.Transform(SampleTable.Create(_context, 50_000));
            using var started = new CountdownEvent(8);
            var work = Task.Run(() => OnThreads(8, _ => Assert.ThrowsExactly<ObjectDisposedException>(() =>
            {
                foreach (var value in scored.GetColumn<float>("Variance"))
                {
                    if (!started.IsSet)
                        started.Signal();
                    started.Wait();
                    Assert.IsFalse(float.IsNaN(value));
                }
            })));
            started.Wait();
            transformer.Dispose();
            work.Wait();
        }
    }

    private void CheckEngine(SngpTransformer transformer, float[] expected)
    {
        var options = new PredictionEngineOptions { OwnsTransformer = false };
        using var engine = new MLContext().Model.CreatePredictionEngine<SampleRow, ScoredSample>(transformer, options);
        for (var id = 0; id < 500; id++)
            Assert.AreEqual(expected[id], engine.Predict(SampleTable.Row(id)).Variance, 1e-6f);
    }

    private static void OnThreads(int count, Action<int> work)
    {
        var tasks = Enumerable.Range(0, count).Select(thread => Task.Factory.StartNew(() => work(thread), TaskCreationOptions.LongRunning))
            .ToArray();
        Task.WaitAll(tasks);
    }
}
