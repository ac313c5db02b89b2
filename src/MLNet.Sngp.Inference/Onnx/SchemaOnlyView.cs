using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Onnx;

/// <summary>A table without rows, for what only looks at the columns.</summary>
/// <remarks>
/// ML.NET's converter walks back through the views of a table to where the data came from. This one stands on its own, so its
/// columns are the graph's inputs.
/// </remarks>
internal sealed class SchemaOnlyView : IDataView
{
    public SchemaOnlyView(DataViewSchema schema) => Schema = schema;

    public DataViewSchema Schema { get; }

    public bool CanShuffle => false;

    /// <summary>The columns that can be seen.</summary>
    public static DataViewSchema Visible(DataViewSchema schema) => Select(schema, column => !column.IsHidden);

    /// <summary>The columns that can be tensors. The converter refuses a table with another, such as a date, even when no step uses
    /// it.</summary>
    public static SchemaOnlyView OfTensors(DataViewSchema schema) =>
        new(Select(schema, column => TensorTypes.Of(column.Type) != null));

    public long? GetRowCount() => 0;

    public DataViewRowCursor GetRowCursor(IEnumerable<DataViewSchema.Column> columnsNeeded, Random? rand = null) => new Cursor(Schema);

    public DataViewRowCursor[] GetRowCursorSet(IEnumerable<DataViewSchema.Column> columnsNeeded, int n, Random? rand = null) =>
        [new Cursor(Schema)];

    private static DataViewSchema Select(DataViewSchema schema, Func<DataViewSchema.Column, bool> isKept)
    {
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(schema.Where(isKept).Select(column => new DataViewSchema.DetachedColumn(column)));
        return builder.ToSchema();
    }

    private sealed class Cursor(DataViewSchema schema) : DataViewRowCursor
    {
        public override DataViewSchema Schema { get; } = schema;

        public override long Position => -1;

        public override long Batch => 0;

        public override bool MoveNext() => false;

        public override bool IsColumnActive(DataViewSchema.Column column) => true;

        public override ValueGetter<TValue> GetGetter<TValue>(DataViewSchema.Column column) =>
            (ref TValue value) => throw new InvalidOperationException("The cursor stands on no row.");

        public override ValueGetter<DataViewRowId> GetIdGetter() =>
            (ref DataViewRowId value) => throw new InvalidOperationException("The cursor stands on no row.");
    }
}
