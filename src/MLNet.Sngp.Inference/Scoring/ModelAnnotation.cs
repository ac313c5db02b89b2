using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>An annotation of the columns that a model makes, by which an estimator that takes scored data finds the model.</summary>
/// <remarks>
/// <para>What ML.NET's transforms hand on of a column, they hand on with its annotations: through steps that add or select columns, through
/// copies, caches and filters. A hidden column such as <see cref="ExportMark"/> does not come through selections and caches.</para>
/// <para>Its value is text, the name of the method: a promised schema can hold no type that ML.NET does not know, and what writes tables
/// would warn of one. The memory that the text lies in belongs to an object with the model. Saved and loaded, it is mere text.</para>
/// </remarks>
internal static class ModelAnnotation
{
    public const string Kind = "MLNet.Sngp.Model";

    /// <summary>The model that scored a table, the last one where there are several; null where there is none.</summary>
    public static UncertaintyModel? Find(DataViewSchema schema) => Last(schema)?.Model;

    /// <summary>The annotation's value for columns that <paramref name="model"/> adds to <paramref name="input"/>.</summary>
    public static ReadOnlyMemory<char> ValueFor(DataViewSchema input, UncertaintyModel model) =>
        new Maker(model, (Last(input)?.Place ?? 0) + 1).Memory;

    public static bool IsOn(SchemaShape.Column column) => column.Annotations.Any(annotation => annotation.Name == Kind);

    /// <summary>A column with this annotation added.</summary>
    public static DataViewSchema.DetachedColumn Add(DataViewSchema.DetachedColumn column, ReadOnlyMemory<char> maker)
    {
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.Add(column.Annotations, _ => true);
        annotations.Add(Kind, TextDataViewType.Instance, (ref ReadOnlyMemory<char> value) => value = maker);
        return new DataViewSchema.DetachedColumn(column.Name, column.Type, annotations.ToAnnotations());
    }

    private static Maker? Last(DataViewSchema schema) => schema.Select(Of).OfType<Maker>().MaxBy(maker => maker.Place);

    private static Maker? Of(DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(Kind) is not { Type: TextDataViewType })
            return null;
        ReadOnlyMemory<char> value = default;
        column.Annotations.GetValue(Kind, ref value);
        return MemoryMarshal.TryGetMemoryManager(value, out Maker? maker) ? maker : null;
    }

    /// <param name="model">The model.</param>
    /// <param name="place">1 for the first model that a table went through, 2 for the second, …: copies of columns may stand
    /// anywhere.</param>
    private sealed class Maker(UncertaintyModel model, int place) : MemoryManager<char>
    {
        private readonly char[] _text = model.Method.ToCharArray();

        public UncertaintyModel Model { get; } = model;

        public int Place { get; } = place;

        public override Span<char> GetSpan() => _text;

        public override MemoryHandle Pin(int elementIndex = 0) => _text.AsMemory(elementIndex).Pin();

        // The handle frees what it pinned by itself.
        public override void Unpin()
        {
        }

        protected override void Dispose(bool disposing)
        {
        }
    }
}
