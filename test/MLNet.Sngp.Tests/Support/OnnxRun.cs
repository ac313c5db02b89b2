using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Tests.Support;

/// <summary>Runs an ONNX file with ONNX Runtime alone.</summary>
internal static class OnnxRun
{
    /// <summary>A folder in which files are kept for other checks, or null.</summary>
    private static readonly string? KeptFiles = Environment.GetEnvironmentVariable("SNGP_TEST_ONNX_FOLDER");

    /// <summary>Runs the graph once over all rows of <paramref name="data"/>; each column is a tensor [N, …].</summary>
    public static Dictionary<string, Array> Run(byte[] onnx, IDataView data, params NamedOnnxValue[] more)
    {
        using var session = new InferenceSession(onnx);
        var inputs = session.InputMetadata.Keys.Select(name => Tensor(data, data.Schema[name])).Concat(more).ToList();
        using var results = session.Run(inputs);
        return results.ToDictionary(result => result.Name, Values);
    }

    /// <summary>The names of the graph's inputs that have no default.</summary>
    public static List<string> Inputs(byte[] onnx)
    {
        using var session = new InferenceSession(onnx);
        return [.. session.InputMetadata.Keys];
    }

    public static ModelProto Parse(byte[] onnx) => ModelProto.Parser.ParseFrom(onnx);

    /// <summary>Writes the whole pipeline and keeps the file where a script will check it.</summary>
    public static byte[] Save(ITransformer model, MLContext context, IDataView sampleData, string name, bool overridableCalibration = false)
    {
        using var stream = new MemoryStream();
        model.SaveAsOnnx(context, sampleData, stream, overridableCalibration);
        Keep(stream.ToArray(), name);
        return stream.ToArray();
    }

    public static void Keep(byte[] onnx, string name)
    {
        if (KeptFiles is null)
            return;
        Directory.CreateDirectory(KeptFiles);
        File.WriteAllBytes(System.IO.Path.Combine(KeptFiles, name + ".onnx"), onnx);
    }

    private static NamedOnnxValue Tensor(IDataView data, DataViewSchema.Column column)
    {
        var type = (column.Type as VectorDataViewType)?.ItemType.RawType ?? column.Type.RawType;
        var method = typeof(OnnxRun)
            .GetMethod(nameof(TensorOf), System.Reflection.BindingFlags.Static | System.Reflection.BindingFlags.NonPublic)!;
        return (NamedOnnxValue)method.MakeGenericMethod(type).Invoke(null, [data, column])!;
    }

    private static NamedOnnxValue TensorOf<T>(IDataView data, DataViewSchema.Column column)
    {
        var rows = column.Type is VectorDataViewType
            ? data.GetColumn<VBuffer<T>>(column).Select(row => row.DenseValues().ToArray()).ToList()
            : data.GetColumn<T>(column).Select(value => new[] { value }).ToList();
        int[] shape = [rows.Count, .. column.Type is VectorDataViewType vector ? vector.Dimensions.ToArray() : [1]];
        var values = rows.SelectMany(row => row).ToArray();
        return values is ReadOnlyMemory<char>[] texts
            ? NamedOnnxValue.CreateFromTensor(column.Name, new DenseTensor<string>(Array.ConvertAll(texts, text => text.ToString()), shape))
            : NamedOnnxValue.CreateFromTensor(column.Name, new DenseTensor<T>(values, shape));
    }

    private static Array Values(DisposableNamedOnnxValue value) => value.ElementType switch
    {
        TensorElementType.Float => value.AsTensor<float>().ToArray(),
        TensorElementType.Double => value.AsTensor<double>().ToArray(),
        TensorElementType.String => value.AsTensor<string>().ToArray(),
        TensorElementType.Bool => value.AsTensor<bool>().ToArray(),
        TensorElementType.Int32 => value.AsTensor<int>().ToArray(),
        TensorElementType.Int64 => value.AsTensor<long>().ToArray(),
        TensorElementType.UInt32 => value.AsTensor<uint>().ToArray(),
        TensorElementType.Int8 => value.AsTensor<sbyte>().ToArray(),
        TensorElementType.UInt8 => value.AsTensor<byte>().ToArray(),
        TensorElementType.Int16 => value.AsTensor<short>().ToArray(),
        TensorElementType.UInt16 => value.AsTensor<ushort>().ToArray(),
        TensorElementType.UInt64 => value.AsTensor<ulong>().ToArray(),
        _ => throw new NotSupportedException($"{value.ElementType}"),
    };
}
