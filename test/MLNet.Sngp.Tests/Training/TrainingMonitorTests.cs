using System.Collections.Concurrent;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;

namespace MLNet.Sngp.Tests.Training;

/// <summary>The user's observer and log are called by one thread at a time, in order, and under no lock.</summary>
[TestClass]
public sealed class TrainingMonitorTests
{
    // Far longer than any of these takes: it ends a deadlock.
    private static readonly TimeSpan Deadlock = TimeSpan.FromSeconds(20);

    private readonly MLContext _ml = new(1);
    private readonly ConcurrentQueue<string> _log = new();

    public TrainingMonitorTests() => _ml.Log += (_, message) => _log.Enqueue(message.RawMessage);

    [TestMethod]
    public void AnObserverMayWaitForAThreadThatLogs()
    {
        TrainingMonitor? monitor = null;
        using var host = new Hosted(_ml, _ =>
        {
            var other = Task.Run(() => monitor!.Info("from another thread"));
            Assert.IsTrue(other.Wait(Deadlock), "The monitor holds a lock while it calls.");
        });
        monitor = host.Monitor;
        monitor.Report(Epoch(1));
        Assert.Contains("from another thread", _log);
    }

    [TestMethod]
    public void AnObserverThatBlocksHoldsUpNobodyElse()
    {
        using var isCalled = new ManualResetEventSlim();
        using var goOn = new ManualResetEventSlim();
        var seen = new List<int>();
        using var host = new Hosted(_ml, progress =>
        {
            seen.Add(progress.Epoch);
            isCalled.Set();
            Assert.IsTrue(goOn.Wait(Deadlock));
        });
        var first = Task.Run(() => host.Monitor.Report(Epoch(1)));
        Assert.IsTrue(isCalled.Wait(Deadlock));
        host.Monitor.Report(Epoch(1));
        host.Monitor.Report(Epoch(2));
        Assert.HasCount(1, seen);
        goOn.Set();
        Assert.IsTrue(first.Wait(Deadlock));
        CollectionAssert.AreEqual(new[] { 1, 2, 3 }, seen);
    }

    [TestMethod]
    public void ManyThreadsAreToldOneAtATimeInOrder()
    {
        var (seen, at) = (new List<int>(), 0);
        using var host = new Hosted(_ml, progress =>
        {
            Assert.AreEqual(1, Interlocked.Increment(ref at));
            seen.Add(progress.Epoch);
            Interlocked.Decrement(ref at);
        });
        Parallel.For(0, 8, _ =>
        {
            for (var i = 1; i <= 250; i++)
                host.Monitor.Report(Epoch(i));
        });
        CollectionAssert.AreEqual(Enumerable.Range(1, 2000).ToList(), seen);
    }

    [TestMethod]
    public void WhatAnObserverThrowsComesToTheCallerAndLaterCallsAreMade()
    {
        var seen = new List<int>();
        using var host = new Hosted(_ml, progress =>
        {
            seen.Add(progress.Epoch);
            if (progress.Epoch == 1)
                throw new InvalidTimeZoneException("from the observer");
        });
        Assert.ThrowsExactly<InvalidTimeZoneException>(() => host.Monitor.Report(Epoch(1)));
        host.Monitor.Report(Epoch(2));
        CollectionAssert.AreEqual(new[] { 1, 2 }, seen);
    }

    [TestMethod]
    public void AnObserverThatLogsIsNotCalledWithinItself()
    {
        TrainingMonitor? monitor = null;
        var order = new List<string>();
        using var host = new Hosted(_ml, progress =>
        {
            order.Add($"begin {progress.Epoch}");
            if (progress.Epoch == 1)
                monitor!.Report(Epoch(2));
            order.Add($"end {progress.Epoch}");
        });
        monitor = host.Monitor;
        monitor.Report(Epoch(1));
        CollectionAssert.AreEqual(new[] { "begin 1", "end 1", "begin 2", "end 2" }, order);
    }

    [TestMethod]
    [DataRow("Sngp")]
    [DataRow("DeepEnsemble")]
    public void FitThrowsWhatTheObserverThrew(string method)
    {
        var observer = new Reporter(_ => throw new InvalidTimeZoneException("from the observer"));
        var trainer = Methods.Create(_ml, method, options => options.Training.Progress = observer);
        var error = Assert.ThrowsExactly<InvalidTimeZoneException>(() => trainer.Fit(TwoClusters.Load(_ml, TwoClusters.Rows(20))));
        Assert.AreEqual("from the observer", error.Message);
    }

    private static TrainingProgress Epoch(int epoch) => new(epoch, 10, epoch, 10, 0.5, null);

    private sealed class Hosted : IDisposable
    {
        private readonly IChannel _channel;

        public Hosted(MLContext ml, Action<TrainingProgress> observer)
        {
            var host = ((IHostEnvironment)ml).Register("test");
            _channel = host.Start("test");
            Monitor = new TrainingMonitor(host, _channel, "test", new Reporter(observer), numberOfMembers: 1);
        }

        public TrainingMonitor Monitor { get; }

        public void Dispose()
        {
            Monitor.Dispose();
            _channel.Dispose();
        }
    }
}
