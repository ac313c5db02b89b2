using Microsoft.ML;

namespace MLNet.Sngp;

/// <summary>
/// The columns of a table that can be seen, or of one that is promised: the same checks serve <c>GetOutputSchema</c> and <c>Fit</c>.
/// </summary>
internal sealed class ColumnShapes
{
    private readonly Dictionary<string, ColumnShape> _columns = new(StringComparer.Ordinal);

    private ColumnShapes()
    {
    }

    public IReadOnlyCollection<string> Names => _columns.Keys;

    public static ColumnShapes Of(DataViewSchema schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var shapes = new ColumnShapes();
        foreach (var column in schema.Where(column => !column.IsHidden))
            shapes._columns[column.Name] = ColumnShape.Of(column.Type);
        return shapes;
    }

    public static ColumnShapes Of(SchemaShape schema)
    {
        ArgumentNullException.ThrowIfNull(schema);
        var shapes = new ColumnShapes();
        foreach (var column in schema)
            shapes._columns[column.Name] = ColumnShape.Of(column);
        return shapes;
    }

    public ColumnShape? TryFind(string name) => _columns.TryGetValue(name, out var shape) ? shape : null;

    /// <exception cref="ArgumentOutOfRangeException">There is no such column: see <see cref="MissingColumn"/>.</exception>
    public ColumnShape Find(string role, string name, string remedy) =>
        TryFind(name) ?? throw MissingColumn.Of(role, name, Names, remedy);
}
