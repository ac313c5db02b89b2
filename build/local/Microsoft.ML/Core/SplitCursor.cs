using System;
using System.Collections.Concurrent;
using System.Collections.Generic;
using System.Linq;
using System.Threading;
using System.Threading.Tasks;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Rows that travel between threads together; their number tells where they belong among all rows.</summary>
internal sealed record RowBatch(ColumnBuffer[] Buffers, int Count, long Number, Exception Error = null);

/// <summary>Takes batches from a queue, which may feed several such cursors.</summary>
internal sealed class BatchQueueCursor(IChannelProvider provider, RowLayout layout, BlockingCollection<RowBatch> queue, Action onDispose)
    : BufferedCursor(provider, layout)
{
    private RowBatch _batch;
    private int _index;

    public override long Batch => _batch?.Number ?? -1;

    protected override bool MoveNextCore()
    {
        if (_batch != null && ++_index < _batch.Count)
            return true;
        if (!queue.TryTake(out var next, Timeout.Infinite))
            return false;
        if (next.Error != null)
            throw new InvalidOperationException("Splitter/consolidator worker encountered exception while consuming source data", next.Error);
        _batch = next;
        _index = 0;
        return true;
    }

    protected override void DisposeCore() => onDispose();

    protected override (ColumnBuffer[] Buffers, int Index) Place() => (_batch.Buffers, _index);
}

/// <summary>
/// One cursor into several and back, with a thread for each input, as ML.NET does it behind every transform:
/// getters of a cursor may be called on another thread than the one that made it, and errors arrive wrapped.
/// </summary>
internal static class SplitCursor
{
    private const int BatchSize = 128;
    private const int QueueBound = 4;

    /// <summary>As many threads as ML.NET takes: two at least.</summary>
    public static int ThreadCount(int wanted = 0)
    {
        var own = Math.Max(2, Environment.ProcessorCount - 1);
        return wanted > 0 ? Math.Min(wanted, 2 * own) : own;
    }

    /// <summary>Several cursors that share the rows of one, in batches.</summary>
    public static DataViewRowCursor[] Split(IChannelProvider provider, DataViewRowCursor input, int n)
    {
        if (n <= 1)
            return [input];
        var layout = new RowLayout(input.Schema, input.IsColumnActive);
        var queue = new BlockingCollection<RowBatch>(QueueBound);
        var done = false;
        var running = n;
        var sources = layout.SourcesOf(input);
        var reader = Background(() =>
        {
            long number = 0;
            using (input)
                while (!Volatile.Read(ref done) && ReadBatch(input, layout, sources, number++) is { } batch)
                    queue.Add(batch);
        }, queue.Add, queue.CompleteAdding);
        void OnDispose()
        {
            if (Interlocked.Decrement(ref running) > 0)
                return;
            Volatile.Write(ref done, true);
            Drain(queue);
            reader.Wait();
        }
        return Enumerable.Range(0, n).Select(_ => (DataViewRowCursor)new BatchQueueCursor(provider, layout, queue, OnDispose)).ToArray();
    }

    /// <summary>One cursor over the rows of all the inputs, in the order of their batches.</summary>
    public static DataViewRowCursor Consolidate(IChannelProvider provider, DataViewRowCursor[] inputs)
    {
        if (inputs.Length == 1)
            return inputs[0];
        var layout = new RowLayout(inputs[0].Schema, inputs[0].IsColumnActive);
        var queue = new BlockingCollection<RowBatch>(QueueBound);
        var order = new BatchOrder(inputs.Length);
        var done = false;
        var running = inputs.Length;
        void OnEnd()
        {
            order.Retire();
            if (Interlocked.Decrement(ref running) == 0)
                queue.CompleteAdding();
        }
        var workers = inputs.Select(input => Background(() =>
        {
            using (input)
                foreach (var batch in Batches(input, layout, order, () => Volatile.Read(ref done)))
                    queue.Add(batch);
        }, queue.Add, OnEnd)).ToArray();
        return new BatchQueueCursor(provider, layout, queue, () =>
        {
            Volatile.Write(ref done, true);
            Drain(queue);
            Task.WaitAll(workers);
        });
    }

    private static RowBatch ReadBatch(DataViewRowCursor input, RowLayout layout, Delegate[] sources, long number)
    {
        var buffers = layout.NewBuffers();
        var count = 0;
        while (count < BatchSize && input.MoveNext())
            RowLayout.Fill(buffers, sources, count++);
        return count == 0 ? null : new RowBatch(buffers, count, number);
    }

    // The rows of an input from one batch number to the next; each is given out when no smaller number can come any more.
    private static IEnumerable<RowBatch> Batches(DataViewRowCursor input, RowLayout layout, BatchOrder order, Func<bool> isDone)
    {
        var sources = layout.SourcesOf(input);
        var more = input.MoveNext();
        while (more && !isDone())
        {
            var number = input.Batch;
            var turn = order.Register(number);
            var buffers = layout.NewBuffers();
            var count = 0;
            do
                RowLayout.Fill(buffers, sources, count++);
            while ((more = input.MoveNext() && !isDone()) && input.Batch == number);
            turn.Wait();
            yield return new RowBatch(buffers, count, number);
        }
    }

    private static Task Background(Action work, Action<RowBatch> onError, Action onEnd) => Task.Factory.StartNew(() =>
    {
        try
        {
            work();
        }
        catch (Exception ex)
        {
            onError(new RowBatch(null, 0, 0, ex));
        }
        finally
        {
            onEnd();
        }
    }, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static void Drain(BlockingCollection<RowBatch> queue)
    {
        foreach (var _ in queue.GetConsumingEnumerable()) { }
    }
}

/// <summary>Lets workers through in the order of their batch numbers: the smallest, once each worker has said its number or left.</summary>
internal sealed class BatchOrder(int workers)
{
    private readonly object _lock = new();
    private readonly SortedDictionary<long, List<ManualResetEventSlim>> _waiting = [];
    private int _workers = workers;
    private int _count;

    public ManualResetEventSlim Register(long number)
    {
        var turn = new ManualResetEventSlim(false);
        lock (_lock)
        {
            if (!_waiting.TryGetValue(number, out var list))
                _waiting[number] = list = [];
            list.Add(turn);
            _count++;
            Release();
        }
        return turn;
    }

    public void Retire()
    {
        lock (_lock)
        {
            _workers--;
            Release();
        }
    }

    private void Release()
    {
        if (_count < _workers || _count == 0)
            return;
        var (number, list) = _waiting.First();
        list[^1].Set();
        list.RemoveAt(list.Count - 1);
        if (list.Count == 0)
            _waiting.Remove(number);
        _count--;
    }
}
