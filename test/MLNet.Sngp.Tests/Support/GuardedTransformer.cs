using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Tests.Support;

/// <summary>A transformer of ML.NET that throws at rows whose Temperature is negative.</summary>
internal sealed class GuardedTransformer(ITransformer inner) : ITransformer
{
    public int NumberOfThrows { get; private set; }

    public bool IsRowToRowMapper => false;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => inner.GetOutputSchema(inputSchema);

    public IDataView Transform(IDataView input) => inner.Transform(new View(input, this));

    public IRowToRowMapper GetRowToRowMapper(DataViewSchema inputSchema) => throw new NotSupportedException();

    void ICanSaveModel.Save(ModelSaveContext ctx) => throw new NotSupportedException();

    private sealed class View(IDataView input, GuardedTransformer owner) : IDataView
    {
        public DataViewSchema Schema => input.Schema;

        public bool CanShuffle => false;

        public long? GetRowCount() => input.GetRowCount();

        public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) =>
            new Cursor(input.GetRowCursor(columnsNeeded), Schema["Temperature"], owner);

        public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
            [GetRowCursor(columnsNeeded)];
    }

    private sealed class Cursor(DataViewRowCursor input, DataViewSchema.Column guarded, GuardedTransformer owner) : DataViewRowCursor
    {
        public override DataViewSchema Schema => input.Schema;

        public override long Position => input.Position;

        public override long Batch => input.Batch;

        public override bool IsColumnActive(DataViewSchema.Column column) => input.IsColumnActive(column);

        public override ValueGetter<DataViewRowId> GetIdGetter() => input.GetIdGetter();

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) => input.GetGetter<TValue>(column);

        public override bool MoveNext()
        {
            if (!input.MoveNext())
                return false;
            var temperature = 0f;
            if (input.IsColumnActive(guarded))
                input.GetGetter<float>(guarded)(ref temperature);
            if (temperature >= 0 || float.IsNaN(temperature))
                return true;
            owner.NumberOfThrows++;
            throw new InvalidOperationException("A temperature is negative.");
        }
    }
}
