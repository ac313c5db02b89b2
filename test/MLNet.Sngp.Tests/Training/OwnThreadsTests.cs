using System.Collections.Concurrent;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Training;
using TorchSharp;

namespace MLNet.Sngp.Tests.Training;

[TestClass]
public class OwnThreadsTests
{
    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    [DataRow(20)]
    public void EveryPieceOfWorkIsDoneOnce(int degree)
    {
        var done = new ConcurrentBag<int>();
        OwnThreads.Run(10, degree, done.Add);
        CollectionAssert.AreEqual(Enumerable.Range(0, 10).ToArray(), done.Order().ToArray());
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(2)]
    public void TheWorkRunsUnderTheCallersThreadCount(int count) => OnANewThread(() =>
    {
        // A thread that has seen the count of before, as one of the pool has.
        using var old = new StaleThread();
        var before = torch.get_num_threads();
        torch.set_num_threads(count);
        try
        {
            var seen = new ConcurrentBag<int>();
            OwnThreads.Run(6, 3, _ => seen.Add(torch.get_num_threads()));
            CollectionAssert.AreEqual(Enumerable.Repeat(count, 6).ToArray(), seen.ToArray());
            Assert.AreEqual(count, torch.get_num_threads());
        }
        finally
        {
            torch.set_num_threads(before);
        }
    });

    [TestMethod]
    public void ACallerWithAnotherCountThanNewThreadsDoesAllItself() => OnANewThread(() =>
    {
        var before = torch.get_num_threads();
        using var old = new StaleThread();
        torch.set_num_threads(before + 1);
        try
        {
            old.Do(() =>
            {
                // What a thread saw first stays with it.
                var own = torch.get_num_threads();
                var seen = new ConcurrentBag<(int Count, int Thread)>();
                OwnThreads.Run(4, 2, _ => seen.Add((torch.get_num_threads(), Environment.CurrentManagedThreadId)));
                Assert.IsTrue(seen.All(piece => piece.Count == own));
                Assert.AreEqual(own != before + 1, seen.All(piece => piece.Thread == Environment.CurrentManagedThreadId));
            });
        }
        finally
        {
            torch.set_num_threads(before);
        }
    });

    // The tests' own thread keeps its count.
    private static void OnANewThread(Action test)
    {
        Exception? error = null;
        var thread = new Thread(() =>
        {
            try
            {
                test();
            }
            catch (Exception exception)
            {
                error = exception;
            }
        });
        thread.Start();
        thread.Join();
        if (error is not null)
            Assert.Fail(error.ToString());
    }

    /// <summary>A thread that asks torch for its count at once, and works later.</summary>
    private sealed class StaleThread : IDisposable
    {
        private readonly BlockingCollection<Action> _work = [];
        private readonly Thread _thread;
        private Exception? _error;

        public StaleThread()
        {
            _thread = new Thread(Work);
            _thread.Start();
            Do(() => torch.get_num_threads());
        }

        public void Do(Action action)
        {
            using var done = new ManualResetEventSlim();
            _work.Add(() =>
            {
                try
                {
                    action();
                }
                catch (Exception exception)
                {
                    _error = exception;
                }
                done.Set();
            });
            done.Wait();
            if (_error is not null)
                throw _error;
        }

        public void Dispose()
        {
            _work.CompleteAdding();
            _thread.Join();
            _work.Dispose();
        }

        private void Work()
        {
            foreach (var action in _work.GetConsumingEnumerable())
                action();
        }
    }
}
