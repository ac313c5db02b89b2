using System;
using System.Collections.Generic;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>What cursors check about columns.</summary>
internal static class Columns
{
    public static bool[] Active(IEnumerable<DataViewSchema.Column> needed, DataViewSchema schema)
    {
        Contracts.CheckValue(needed, "columnsNeeded");
        var active = new bool[schema.Count];
        foreach (var column in needed)
        {
            Contracts.Check(column.Index < active.Length, $"The requested column '{column}' is not part of the data's schema.");
            active[column.Index] = true;
        }
        return active;
    }

    public static bool IsActive(bool[] active, DataViewSchema.Column column)
    {
        Contracts.CheckParam(column.Index < active.Length, nameof(column));
        return active[column.Index];
    }

    public static void CheckActive(bool[] active, DataViewSchema.Column column)
        => Contracts.CheckParam(IsActive(active, column), nameof(column), $"The column '{column.Name}' is not active in this cursor.");

    public static ValueGetter<TValue> Cast<TValue>(Delegate getter)
    {
        if (getter is ValueGetter<TValue> typed)
            return typed;
        Contracts.Check(getter != null, "The column is not active.");
        throw new InvalidOperationException(
            $"Invalid TValue in GetGetter: '{typeof(TValue)}', expected type: '{getter.GetType().GetGenericArguments()[0]}'.");
    }
}

/// <summary>A row over another row of the same position.</summary>
internal abstract class WrappingRow(DataViewRow input) : DataViewRow
{
    private bool _disposed;

    protected DataViewRow Input { get; } = input;

    public sealed override long Position => Input.Position;

    public sealed override long Batch => Input.Batch;

    public sealed override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    protected virtual void DisposeCore() { }

    protected sealed override void Dispose(bool disposing)
    {
        if (_disposed)
            return;
        _disposed = true;
        if (disposing)
        {
            DisposeCore();
            Input.Dispose();
        }
    }
}

/// <summary>A cursor that moves with another one. Logs its life at trace level, as ML.NET's cursors do.</summary>
internal abstract class SynchronizedCursor : DataViewRowCursor
{
    private readonly DataViewRowCursor _root;
    private readonly IChannel _channel;
    private bool _disposed;

    protected SynchronizedCursor(IChannelProvider provider, DataViewRowCursor input)
    {
        _channel = provider.Start("Cursor");
        Input = input;
        _root = input is SynchronizedCursor synchronized ? synchronized._root : input;
    }

    protected DataViewRowCursor Input { get; }

    public sealed override long Position => _root.Position;

    public sealed override long Batch => _root.Batch;

    public sealed override bool MoveNext() => _root.MoveNext();

    public sealed override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    protected virtual void DisposeCore() { }

    protected sealed override void Dispose(bool disposing)
    {
        if (_disposed)
            return;
        _disposed = true;
        if (!disposing)
            return;
        DisposeCore();
        Input.Dispose();
        _channel.Dispose();
    }
}

/// <summary>A cursor that makes its own rows. At the end of the rows it disposes itself.</summary>
internal abstract class RootCursor : DataViewRowCursor
{
    private readonly IChannel _channel;
    private long _position = -1;
    private bool _disposed;

    protected RootCursor(IChannelProvider provider) => _channel = provider.Start("Cursor");

    public sealed override long Position => _position;

    protected bool IsGood => _position >= 0;

    public sealed override bool MoveNext()
    {
        if (_disposed)
            return false;
        if (MoveNextCore())
        {
            _position++;
            return true;
        }
        Dispose();
        return false;
    }

    protected abstract bool MoveNextCore();

    protected virtual void DisposeCore() { }

    protected void CheckGood() => Contracts.Check(IsGood, "Cannot call a getter of a cursor that is not on a row.");

    protected sealed override void Dispose(bool disposing)
    {
        if (_disposed)
            return;
        _disposed = true;
        _position = -1;
        if (!disposing)
            return;
        DisposeCore();
        _channel.Dispose();
    }
}
