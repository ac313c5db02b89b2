using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Reads columns as tensors: scalars as [1, 1], vectors in the shape of the graph's input.</summary>
internal static class OnnxInput
{
    public static Func<NamedOnnxValue> MakeReader(DataViewRow row, DataViewSchema.Column column, int[] shape)
        => Generic.CallStatic<Func<NamedOnnxValue>>(typeof(OnnxInput), column.Type is VectorDataViewType ? nameof(VectorReader) : nameof(ScalarReader),
            column.Type.GetItemType().RawType, row, column, shape);

    private static Func<NamedOnnxValue> ScalarReader<T>(DataViewRow row, DataViewSchema.Column column, int[] shape)
    {
        var get = row.GetGetter<T>(column);
        return () =>
        {
            T value = default;
            get(ref value);
            return Tensor(column.Name, new[] { value }, new[] { 1, 1 });
        };
    }

    private static Func<NamedOnnxValue> VectorReader<T>(DataViewRow row, DataViewSchema.Column column, int[] shape)
    {
        var get = row.GetGetter<VBuffer<T>>(column);
        var vector = default(VBuffer<T>);
        bool isKnownSize = ((VectorDataViewType)column.Type).IsKnownSize;
        int known = shape.Where(d => d > 0).Aggregate(1, (x, y) => x * y), open = Array.IndexOf(shape, 0);
        return () =>
        {
            get(ref vector);
            var values = new T[vector.Length];
            vector.CopyTo(values);
            var own = (int[])shape.Clone();
            if (!isKnownSize)
                own[open] = vector.Length / known;
            return Tensor(column.Name, values, own);
        };
    }

    private static NamedOnnxValue Tensor<T>(string name, T[] values, int[] shape)
    {
        if (values is ReadOnlyMemory<char>[] texts)
            return NamedOnnxValue.CreateFromTensor(name, new DenseTensor<string>(Array.ConvertAll(texts, text => text.ToString()), shape));
        return NamedOnnxValue.CreateFromTensor(name, new DenseTensor<T>(values, shape));
    }
}
