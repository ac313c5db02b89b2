using System;
using System.Collections.Generic;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Maps a vector column item by item, sparse results where most items map to the default.</summary>
internal static class VectorMap
{
    public static ValueGetter<VBuffer<TOut>> Make<TIn, TOut>(DataViewRow row, DataViewSchema.Column column, Func<TIn, TOut> map)
    {
        var get = row.GetGetter<VBuffer<TIn>>(column);
        int size = column.Type.GetValueCount();
        var source = default(VBuffer<TIn>);
        bool keepsZero = EqualityComparer<TOut>.Default.Equals(map(default), default);
        return (ref VBuffer<TOut> result) =>
        {
            get(ref source);
            if (size > 0 && source.Length != size)
                throw new InvalidOperationException($"Column '{column.Name}': {size} slots are expected, but the row has {source.Length}");
            if (source.IsDense || !keepsZero)
                Dense(source, ref result, map);
            else
                Sparse(source, ref result, map);
        };
    }

    /// <summary>
    /// Makes a vector sparse where ML.NET's builder of vectors would: when less than about half of its slots hold something.
    /// </summary>
    public static void Compact<T>(ref VBuffer<T> vector) where T : struct, IEquatable<T>
    {
        var values = vector.GetValues();
        int count = 0;
        foreach (var value in values)
            if (!value.Equals(default))
                count++;
        if (count > Math.Max(0, vector.Length / 2 - 1) || (count == values.Length && !vector.IsDense))
            return;
        var indices = vector.GetIndices();
        var kept = default(VBuffer<T>);
        var editor = VBufferEditor.Create(ref kept, vector.Length, count, requireIndicesOnDense: true);
        int next = 0;
        for (int i = 0; i < values.Length; i++)
            if (!values[i].Equals(default))
            {
                editor.Values[next] = values[i];
                editor.Indices[next++] = vector.IsDense ? i : indices[i];
            }
        vector = editor.Commit();
    }

    private static void Dense<TIn, TOut>(VBuffer<TIn> source, ref VBuffer<TOut> result, Func<TIn, TOut> map)
    {
        var editor = VBufferEditor.Create(ref result, source.Length);
        var values = source.GetValues();
        if (source.IsDense)
        {
            for (int i = 0; i < values.Length; i++)
                editor.Values[i] = map(values[i]);
        }
        else
        {
            editor.Values.Fill(map(default));
            var indices = source.GetIndices();
            for (int i = 0; i < values.Length; i++)
                editor.Values[indices[i]] = map(values[i]);
        }
        result = editor.Commit();
    }

    private static void Sparse<TIn, TOut>(VBuffer<TIn> source, ref VBuffer<TOut> result, Func<TIn, TOut> map)
    {
        var values = source.GetValues();
        var editor = VBufferEditor.Create(ref result, source.Length, values.Length);
        source.GetIndices().CopyTo(editor.Indices);
        for (int i = 0; i < values.Length; i++)
            editor.Values[i] = map(values[i]);
        result = editor.Commit();
    }
}
