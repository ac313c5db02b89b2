using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Makes the test that a row passes or not, for one cursor.</summary>
internal delegate Func<bool> RowTest(DataViewRow row);

/// <summary>The rows that pass a test.</summary>
internal sealed class FilteredDataView : TransformDataView
{
    private readonly RowTest _test;
    private readonly DataViewSchema.Column[] _tested;
    private readonly bool _inOrder;
    private readonly int[] _sources;

    /// <param name="inOrder">The test hangs on the order of the rows: one cursor, no shuffling.</param>
    /// <param name="dropHidden">Leave out the columns that are hidden.</param>
    public FilteredDataView(IHostEnvironment env, IDataView source, RowTest test, IEnumerable<DataViewSchema.Column> tested,
        bool inOrder = false, bool dropHidden = false) : base(env, "Filter", source)
    {
        _test = test;
        _tested = tested.ToArray();
        _inOrder = inOrder;
        var kept = source.Schema.Where(c => !dropHidden || !c.IsHidden).ToArray();
        _sources = kept.Select(c => c.Index).ToArray();
        Schema = kept.Length == source.Schema.Count ? source.Schema : MakeSchema(kept);
    }

    public override DataViewSchema Schema { get; }

    public override bool CanShuffle => !_inOrder && Source.CanShuffle;

    protected override bool MayReadInParallel => !_inOrder;

    public override long? GetRowCount() => null;

    protected override DataViewRowCursor MakeCursor(bool[] active, Random rand)
        => new Cursor(this, Source.GetRowCursor(Inputs(active), _inOrder ? null : rand), active);

    protected override DataViewRowCursor[] MakeCursors(bool[] active, int n, Random rand)
        => Array.ConvertAll(Source.GetRowCursorSet(Inputs(active), n, rand), input => (DataViewRowCursor)new Cursor(this, input, active));

    private IEnumerable<DataViewSchema.Column> Inputs(bool[] active)
        => _sources.Where((_, i) => active[i]).Union(_tested.Select(c => c.Index)).Order().Select(i => Source.Schema[i]).ToArray();

    private static DataViewSchema MakeSchema(IEnumerable<DataViewSchema.Column> columns)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(columns);
        return builder.ToSchema();
    }

    private sealed class Cursor : LinkedCursor
    {
        private readonly FilteredDataView _parent;
        private readonly Func<bool> _passes;

        public Cursor(FilteredDataView parent, DataViewRowCursor input, bool[] active) : base(parent.Host, input, active)
        {
            _parent = parent;
            _passes = parent._test(input);
        }

        public override long Batch => Input.Batch;

        public override DataViewSchema Schema => _parent.Schema;

        protected override DataViewSchema.Column SourceOf(DataViewSchema.Column column)
            => Input.Schema[_parent._sources[column.Index]];

        protected override bool MoveNextCore()
        {
            while (Input.MoveNext())
                if (_passes())
                    return true;
            return false;
        }
    }
}

/// <summary>A cursor that gives some rows of another one, values as they are.</summary>
internal abstract class LinkedCursor(IChannelProvider provider, DataViewRowCursor input, bool[] active) : RootCursor(provider)
{
    protected DataViewRowCursor Input { get; } = input;

    public sealed override bool IsColumnActive(DataViewSchema.Column column) => Columns.IsActive(active, column);

    public sealed override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
    {
        Columns.CheckActive(active, column);
        return Input.GetGetter<TValue>(SourceOf(column));
    }

    public sealed override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    protected virtual DataViewSchema.Column SourceOf(DataViewSchema.Column column) => Input.Schema[column.Index];

    protected override void DisposeCore() => Input.Dispose();
}
