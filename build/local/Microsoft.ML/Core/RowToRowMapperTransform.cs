using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Puts a row mapper over a data view, and over single rows.</summary>
internal sealed class RowToRowMapperTransform : TransformDataView, IRowToRowMapper
{
    private readonly IRowMapper _mapper;
    private readonly ColumnBindings _bindings;

    public RowToRowMapperTransform(IHostEnvironment env, IDataView source, IRowMapper mapper)
        : base(env, nameof(RowToRowMapperTransform), source)
    {
        _mapper = mapper;
        _bindings = new ColumnBindings(source.Schema, mapper.GetOutputColumns());
    }

    /// <summary>What adds the columns.</summary>
    internal IRowMapper Mapper => _mapper;

    public override DataViewSchema Schema => _bindings.Schema;

    public DataViewSchema InputSchema => Source.Schema;

    public DataViewSchema OutputSchema => _bindings.Schema;

    public override long? GetRowCount() => Source.GetRowCount();

    protected override DataViewRowCursor MakeCursor(bool[] active, Random rand)
        => new Cursor(Host, Source.GetRowCursor(Inputs(active), rand), this, active);

    protected override DataViewRowCursor[] MakeCursors(bool[] active, int n, Random rand)
    {
        var inputs = Source.GetRowCursorSet(Inputs(active), n, rand);
        if (inputs.Length == 1 && n > 1 && _bindings.AddedIndices.Any(i => active[i]))
            inputs = SplitCursor.Split(Host, inputs[0], n);
        return Array.ConvertAll(inputs, input => (DataViewRowCursor)new Cursor(Host, input, this, active));
    }

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        => Inputs(Columns.Active(dependingColumns, Schema));

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckValue(activeColumns, nameof(activeColumns));
        Contracts.Check(input.Schema == InputSchema, "Schema of input row must be the same as the schema the mapper is bound to");
        var active = Columns.Active(activeColumns, Schema);
        var getters = _mapper.CreateGetters(input, IsAddedActive(active), out var disposer);
        return new Row(input, this, getters, disposer);
    }

    private Func<int, bool> IsAddedActive(bool[] active) => added => active[_bindings.AddedIndices[added]];

    private IEnumerable<DataViewSchema.Column> Inputs(bool[] active)
    {
        var passed = _bindings.ActiveInputs(active).ToHashSet();
        var read = _mapper.GetDependencies(IsAddedActive(active));
        return InputSchema.Where(c => passed.Contains(c.Index) || read(c.Index)).ToArray();
    }

    private sealed class Row(DataViewRow input, RowToRowMapperTransform parent, Delegate[] getters, Action disposer) : WrappingRow(input)
    {
        public override DataViewSchema Schema => parent.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column)
        {
            var index = parent._bindings.Map(column.Index, out var isInput);
            return isInput ? Input.IsColumnActive(Input.Schema[index]) : getters[index] != null;
        }

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            var index = parent._bindings.Map(column.Index, out var isInput);
            return isInput ? Input.GetGetter<TValue>(Input.Schema[index]) : Columns.Cast<TValue>(getters[index]);
        }

        protected override void DisposeCore() => disposer?.Invoke();
    }

    private sealed class Cursor : SynchronizedCursor
    {
        private readonly RowToRowMapperTransform _parent;
        private readonly bool[] _active;
        private readonly Delegate[] _getters;
        private readonly Action _disposer;

        public Cursor(IHost host, DataViewRowCursor input, RowToRowMapperTransform parent, bool[] active) : base(host, input)
        {
            _parent = parent;
            _active = active;
            _getters = parent._mapper.CreateGetters(input, parent.IsAddedActive(active), out _disposer);
        }

        public override DataViewSchema Schema => _parent.Schema;

        public override bool IsColumnActive(DataViewSchema.Column column) => Columns.IsActive(_active, column);

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column)
        {
            Columns.CheckActive(_active, column);
            var index = _parent._bindings.Map(column.Index, out var isInput);
            return isInput ? Input.GetGetter<TValue>(Input.Schema[index]) : Columns.Cast<TValue>(_getters[index]);
        }

        protected override void DisposeCore() => _disposer?.Invoke();
    }
}
