using System;
using System.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Reads several columns into one vector, which is sparse when few of its values are given explicitly.</summary>
internal static class ConcatenatingGetter
{
    public static Delegate Make<T>(DataViewRow row, DataViewSchema.Column[] columns, int size)
    {
        var parts = new VBuffer<T>[columns.Length];
        var readers = columns.Select((column, i) => Reader(row, column, parts, i)).ToArray();
        return (ValueGetter<VBuffer<T>>)((ref VBuffer<T> result) =>
        {
            int length = 0, count = 0;
            for (int i = 0; i < parts.Length; i++)
            {
                readers[i]();
                length += parts[i].Length;
                count += parts[i].GetValues().Length;
            }
            // As in ML.NET, half as many values as slots is where a dense vector pays.
            if (count <= length / 2)
                JoinSparse(parts, length, count, ref result);
            else
                JoinDense(parts, length, ref result);
        });
    }

    private static Action Reader<T>(DataViewRow row, DataViewSchema.Column column, VBuffer<T>[] parts, int index)
    {
        if (column.Type is VectorDataViewType vector)
        {
            var get = row.GetGetter<VBuffer<T>>(column);
            return () =>
            {
                get(ref parts[index]);
                if (vector.Size > 0 && parts[index].Length != vector.Size)
                    throw new InvalidOperationException($"Column '{column.Name}': expected {vector.Size} slots, but got {parts[index].Length}");
            };
        }
        var getOne = row.GetGetter<T>(column);
        var value = new T[1];
        return () =>
        {
            getOne(ref value[0]);
            parts[index] = new VBuffer<T>(1, value);
        };
    }

    private static void JoinDense<T>(VBuffer<T>[] parts, int length, ref VBuffer<T> result)
    {
        var editor = VBufferEditor.Create(ref result, length);
        int slot = 0;
        foreach (var part in parts)
        {
            part.CopyTo(editor.Values.Slice(slot, part.Length));
            slot += part.Length;
        }
        result = editor.Commit();
    }

    private static void JoinSparse<T>(VBuffer<T>[] parts, int length, int count, ref VBuffer<T> result)
    {
        var editor = VBufferEditor.Create(ref result, length, count);
        int slot = 0, next = 0;
        foreach (var part in parts)
        {
            var values = part.GetValues();
            var indices = part.GetIndices();
            for (int i = 0; i < values.Length; i++, next++)
            {
                editor.Values[next] = values[i];
                editor.Indices[next] = slot + (part.IsDense ? i : indices[i]);
            }
            slot += part.Length;
        }
        result = editor.Commit();
    }
}
