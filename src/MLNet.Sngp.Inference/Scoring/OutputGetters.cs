using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>Gives the buffers that hold the current row, and its index in them.</summary>
internal delegate RowBuffers RowLocator(out int row);

/// <summary>Makes ML.NET's getters for the columns of a model.</summary>
internal static class OutputGetters
{
    /// <param name="output">The output behind the column.</param>
    /// <param name="index">The index of the output in the buffers.</param>
    /// <param name="locate">Finds the current row.</param>
    /// <returns>A <see cref="ValueGetter{TValue}"/> for the column's type.</returns>
    public static Delegate Create(OutputColumn output, int index, RowLocator locate) => output.Kind switch
    {
        ColumnKind.Key or ColumnKind.Reason => Scalar<uint>(index, locate),
        ColumnKind.Boolean => output.IsVector ? Vector<bool>(output.Width, index, locate) : Scalar<bool>(index, locate),
        _ => output.IsVector ? Vector<float>(output.Width, index, locate) : Scalar<float>(index, locate),
    };

    private static ValueGetter<T> Scalar<T>(int index, RowLocator locate) =>
        (ref T value) => value = locate(out var row).Results<T>(index)[row];

    private static ValueGetter<VBuffer<T>> Vector<T>(int width, int index, RowLocator locate) => (ref VBuffer<T> value) =>
    {
        var results = locate(out var row).Results<T>(index);
        var editor = VBufferEditor.Create(ref value, width);
        results.AsSpan(row * width, width).CopyTo(editor.Values);
        value = editor.Commit();
    };
}
