using System.Runtime.ExceptionServices;
using Microsoft.ML;

namespace MLNet.Sngp.Scoring;

/// <summary>Reads a table in batches and has them scored on the thread pool, some ahead of the caller.</summary>
/// <remarks>
/// <para>A table of a known number of rows is read on the caller's thread, as long as its rows come fast.</para>
/// <para>Any other may be a live source, whose rows must not wait for one that has not arrived. The caller reads the first two, for which
/// it has to wait in any case, and a thread of the pool the rest. That thread goes back when it is far enough ahead; a silent source
/// keeps it.</para>
/// </remarks>
/// <param name="cursor">The table, owned by the reader.</param>
/// <param name="input">Takes a row from it.</param>
/// <param name="rows">The number of its rows, if that is known.</param>
/// <param name="create">Makes a batch with room for a number of rows.</param>
/// <param name="capacity">The number of rows in a batch.</param>
/// <param name="readAhead">The number of batches to be ahead.</param>
internal sealed class BatchReader(
    DataViewRowCursor cursor, InputReader input, long? rows, Func<int, ScoredBatch> create, int capacity, int readAhead) : IDisposable
{
    // Batches start small and grow: whoever wants a few rows should not wait for hundreds.
    private const int SmallBatch = 64;

    private const int MillisecondsToFillABatch = 20;
    private const int MillisecondsToStop = 1000;

    private readonly object _gate = new();
    private readonly Queue<ScoredBatch> _ahead = new();
    private readonly Stack<ScoredBatch> _spare = new();
    private readonly int _rowsToReadHere = rows == null ? 2 : int.MaxValue;
    private int _size = (int)Math.Clamp(rows ?? 1, 1, Math.Min(SmallBatch, capacity));
    private ScoredBatch? _filling;
    private Task _reading = Task.CompletedTask;
    private ExceptionDispatchInfo? _failure;
    private int _rowsReadHere;
    private bool _isReading;
    private bool _batchAwaited = true;
    private bool _rowAwaited;
    private bool _ended;
    private volatile bool _stopped;

    /// <summary>The rows that the caller is at.</summary>
    public ScoredBatch? Current { get; private set; }

    /// <summary>Goes on to the next rows, one or more of them, and waits until they are scored.</summary>
    /// <returns>Whether there are any.</returns>
    public bool MoveNext()
    {
        var deadline = Environment.TickCount64 + MillisecondsToFillABatch;
        if (_rowsReadHere < _rowsToReadHere)
            ReadHere(deadline);
        lock (_gate)
        {
            if (Current != null)
                _spare.Push(Current);
            Current = null;
            BeginReading();
            Current = Take(deadline);
            BeginReading();
        }
        if (Current == null)
            _failure?.Throw();
        Current?.EndScoring();
        return Current != null;
    }

    /// <summary>Stops reading and disposes the table: later, on the thread that waits for its next row, if there is one.</summary>
    public void Dispose()
    {
        _stopped = true;
        var hasStopped = Task.WhenAny(_reading).Wait(MillisecondsToStop);
        lock (_gate)
        {
            foreach (var batch in _ahead.Concat(_spare))
                batch.Dispose();
            _filling?.Dispose();
            Current?.Dispose();
        }
        if (hasStopped)
            cursor.Dispose();
        else
            _reading.ContinueWith(_ => cursor.Dispose(), TaskScheduler.Default);
    }

    // The first batch is read alone: nothing is read ahead before the caller has gone through it.
    private void ReadHere(long deadline)
    {
        var batches = _rowsReadHere == 0 ? 1 : readAhead + 1;
        do
            _rowsReadHere++;
        while (TryReadRow() && _rowsReadHere < _rowsToReadHere && _ahead.Count < batches && Environment.TickCount64 < deadline);
        lock (_gate)
        {
            if (rows != null && _ahead.Count == 0 && _filling is { Count: > 0 })
                HandOver();
        }
    }

    private void BeginReading()
    {
        if (_rowsReadHere < _rowsToReadHere || _isReading || _ended || _ahead.Count >= readAhead)
            return;
        _isReading = true;
        _reading = Task.Run(ReadAhead);
    }

    private void ReadAhead()
    {
        while (TryReadRow())
        {
            lock (_gate)
            {
                if (_ahead.Count < readAhead)
                    continue;
                _isReading = false;
                return;
            }
        }
    }

    private ScoredBatch? Take(long deadline)
    {
        while (_ahead.Count == 0 && !_ended)
        {
            var left = (int)(deadline - Environment.TickCount64);
            if (left <= 0 && _filling is { Count: > 0 })
                HandOver();
            else
            {
                (_batchAwaited, _rowAwaited) = (true, left <= 0);
                Monitor.Wait(_gate, left > 0 ? left : Timeout.Infinite);
            }
        }
        (_batchAwaited, _rowAwaited) = (false, false);
        return _ahead.TryDequeue(out var batch) ? batch : null;
    }

    private bool TryReadRow()
    {
        try
        {
            if (ReadRow())
                return true;
        }
        catch (Exception exception)
        {
            _failure = ExceptionDispatchInfo.Capture(exception);
        }
        lock (_gate)
        {
            _ended = true;
            if (_filling is { Count: > 0 } && !_stopped)
                HandOver();
            Monitor.Pulse(_gate);
        }
        return false;
    }

    // No lock is held while the table computes a row. Where the caller has taken the batch in the meantime, the row goes into another.
    private bool ReadRow()
    {
        if (_stopped || !cursor.MoveNext())
            return false;
        // A batch made after the end would never be disposed.
        if (_filling is not { } batch)
        {
            lock (_gate)
            {
                if (_stopped)
                    return false;
                batch = _filling = CreateBatch();
            }
        }
        var row = batch.Count;
        batch.Read(input);
        lock (_gate)
        {
            if (_stopped)
                return false;
            if (_filling == null)
            {
                _filling = CreateBatch();
                _filling.Take(input, batch, row);
            }
            _filling.Keep();
            if (_filling.IsFull)
                HandOver();
            else if (_rowAwaited)
                Monitor.Pulse(_gate);
            return true;
        }
    }

    // A caller that waits for the batch scores it with less ado.
    private void HandOver()
    {
        if (_batchAwaited)
            Monitor.Pulse(_gate);
        else
            _filling!.BeginScoring();
        _ahead.Enqueue(_filling!);
        _filling = null;
    }

    // Under the lock, as are all that hand batches on.
    private ScoredBatch CreateBatch()
    {
        while (_spare.TryPop(out var spare))
        {
            if (spare.Buffers.Capacity >= _size)
            {
                spare.Clear();
                return spare;
            }
            spare.Dispose();
        }
        var batch = create(_size);
        _size = Math.Min(_size < SmallBatch ? SmallBatch : capacity, capacity);
        return batch;
    }
}
