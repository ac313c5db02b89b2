using System;
using System.Collections.Generic;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A data view over another one. Unless it says otherwise, even its single cursor reads on several threads, as in ML.NET.</summary>
internal abstract class TransformDataView : IDataView
{
    protected TransformDataView(IHostEnvironment env, string name, IDataView source)
    {
        Host = env.Register(name);
        Source = source;
    }

    public IDataView Source { get; }

    protected IHost Host { get; }

    public virtual bool CanShuffle => Source.CanShuffle;

    public abstract DataViewSchema Schema { get; }

    /// <summary>Whether a single cursor may be put together from a set of cursors.</summary>
    protected virtual bool MayReadInParallel => true;

    public abstract long? GetRowCount();

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random rand = null)
    {
        var active = Columns.Active(columnsNeeded, Schema);
        var shuffle = CanShuffle ? rand : null;
        return MayReadInParallel
            ? SplitCursor.Consolidate(Host, MakeCursors(active, SplitCursor.ThreadCount(), shuffle))
            : MakeCursor(active, shuffle);
    }

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random rand = null)
    {
        var active = Columns.Active(columnsNeeded, Schema);
        return MayReadInParallel ? MakeCursors(active, n, rand) : [MakeCursor(active, rand)];
    }

    protected abstract DataViewRowCursor MakeCursor(bool[] active, Random rand);

    protected abstract DataViewRowCursor[] MakeCursors(bool[] active, int n, Random rand);
}
