using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLNet.Sngp.Onnx;

/// <summary>Computes values inside a pipeline's graph for rows, with ONNX Runtime.</summary>
/// <param name="model">The graph.</param>
/// <param name="holdsForOneRow">Whether it may be run with one row at a time only.</param>
internal sealed class CheckedGraph(ModelProto model, bool holdsForOneRow)
{
    /// <summary>The elements of each of <paramref name="values"/> for each row; an exception in place of a row that cannot be
    /// run.</summary>
    /// <exception cref="OnnxRuntimeException">The part of the graph that computes them cannot be loaded.</exception>
    public IReadOnlyList<(object[][]? Values, Exception? Error)> Compute(
        IReadOnlyList<string> values, CheckRows rows, IReadOnlyList<int> which)
    {
        using var options =
            new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
        using var session = new InferenceSession(GraphCut.To(model, values), options);
        try
        {
            if (rows.CanBeBatched && !holdsForOneRow)
                return Run(session, values, rows, which);
        }
        catch (OnnxRuntimeException)
        {
            // One row that cannot be run stops all others; which one it is shows below.
        }
        return [.. which.Select(row => Try(session, values, rows, row))];
    }

    private static (object[][]?, Exception?) Try(InferenceSession session, IReadOnlyList<string> values, CheckRows rows, int row)
    {
        try
        {
            return Run(session, values, rows, [row])[0];
        }
        catch (OnnxRuntimeException exception)
        {
            return (null, exception);
        }
    }

    private static List<(object[][]?, Exception?)> Run(
        InferenceSession session, IReadOnlyList<string> values, CheckRows rows, IReadOnlyList<int> which)
    {
        var inputs = rows.ToTensors(which).Where(input => session.InputMetadata.ContainsKey(input.Name)).ToList();
        using var results = session.Run(inputs, values);
        var columns = results.Select(Elements).ToList();
        return [.. which.Select(
            (_, row) => ((object[][]?)[.. columns.Select(column => Part(column, row, which.Count))], (Exception?)null))];
    }

    private static object[] Part(object[] elements, int row, int count)
    {
        var width = elements.Length / count;
        return elements[(row * width)..((row + 1) * width)];
    }

    private static object[] Elements(DisposableNamedOnnxValue value) => value.ElementType switch
    {
        TensorElementType.Float => Objects<float>(value),
        TensorElementType.Double => Objects<double>(value),
        TensorElementType.String => Objects<string>(value),
        TensorElementType.Bool => Objects<bool>(value),
        TensorElementType.Int8 => Objects<sbyte>(value),
        TensorElementType.UInt8 => Objects<byte>(value),
        TensorElementType.Int16 => Objects<short>(value),
        TensorElementType.UInt16 => Objects<ushort>(value),
        TensorElementType.Int32 => Objects<int>(value),
        TensorElementType.UInt32 => Objects<uint>(value),
        TensorElementType.Int64 => Objects<long>(value),
        TensorElementType.UInt64 => Objects<ulong>(value),
        _ => throw new NotSupportedException($"The graph's value '{value.Name}' is of type {value.ElementType}, which no column has."),
    };

    private static object[] Objects<T>(DisposableNamedOnnxValue value) => [.. value.AsTensor<T>().ToArray().Cast<object>()];
}
