using System.Runtime.InteropServices;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Benchmarks.Verification;

/// <summary>Computes a graph of this library in double precision, one row at a time, by the definitions of ONNX's operators.</summary>
/// <remarks>The operators of an SNGP's logits, variance and score only: no batch, so every value is a vector.</remarks>
internal sealed class Float64Graph
{
    private readonly GraphProto _graph;
    private readonly Dictionary<string, NodeProto> _nodes;
    private readonly Dictionary<string, (double[] Values, int Columns)> _constants;

    public Float64Graph(byte[] onnx)
    {
        _graph = ModelProto.Parser.ParseFrom(onnx).Graph;
        _nodes = _graph.Node.ToDictionary(node => node.Output.Single(), StringComparer.Ordinal);
        _constants = _graph.Initializer
            .Where(tensor => tensor.DataType == (int)TensorProto.Types.DataType.Float)
            .ToDictionary(tensor => tensor.Name, Values, StringComparer.Ordinal);
    }

    /// <summary>The values of some outputs for one row of features.</summary>
    public double[][] Run(ReadOnlySpan<float> features, params string[] outputs)
    {
        var row = new double[features.Length];
        for (var i = 0; i < row.Length; i++)
            row[i] = features[i];
        var known = new Dictionary<string, double[]>(StringComparer.Ordinal) { [_graph.Input[0].Name] = row };
        return [.. outputs.Select(output => Value(output, known))];
    }

    private double[] Value(string name, Dictionary<string, double[]> known)
    {
        if (known.TryGetValue(name, out var value))
            return value;
        if (_constants.TryGetValue(name, out var constant))
            return constant.Values;
        return known[name] = Compute(_nodes[name], known);
    }

    private double[] Compute(NodeProto node, Dictionary<string, double[]> known)
    {
        double[] first = Value(node.Input[0], known);
        return node.OpType switch
        {
            "Gemm" => Pairwise(Product(first, _constants[node.Input[1]]), Value(node.Input[2], known), (x, y) => x + y),
            "MatMul" => Product(first, _constants[node.Input[1]]),
            "Add" => Pairwise(first, Value(node.Input[1], known), (x, y) => x + y),
            "Sub" => Pairwise(first, Value(node.Input[1], known), (x, y) => x - y),
            "Mul" => Pairwise(first, Value(node.Input[1], known), (x, y) => x * y),
            "Div" => Pairwise(first, Value(node.Input[1], known), (x, y) => x / y),
            "Clip" => Pairwise(Pairwise(first, Value(node.Input[1], known), Math.Max), Value(node.Input[2], known), Math.Min),
            "Abs" => Array.ConvertAll(first, Math.Abs),
            "Relu" => Array.ConvertAll(first, x => Math.Max(x, 0)),
            "Cos" => Array.ConvertAll(first, Math.Cos),
            "Sqrt" => Array.ConvertAll(first, Math.Sqrt),
            "ReduceSumSquare" => [first.Sum(x => x * x)],
            "Identity" => first,
            "Softmax" => Softmax(first),
            var other => throw new NotSupportedException($"The operator {other} is not among those that an SNGP's graph needs."),
        };
    }

    private static double[] Product(double[] row, (double[] Values, int Columns) matrix)
    {
        var result = new double[matrix.Columns];
        for (var i = 0; i < row.Length; i++)
        {
            var from = matrix.Values.AsSpan(i * matrix.Columns, matrix.Columns);
            for (var j = 0; j < result.Length; j++)
                result[j] += row[i] * from[j];
        }
        return result;
    }

    private static double[] Pairwise(double[] left, double[] right, Func<double, double, double> combine)
    {
        var result = new double[Math.Max(left.Length, right.Length)];
        for (var i = 0; i < result.Length; i++)
            result[i] = combine(left[left.Length == 1 ? 0 : i], right[right.Length == 1 ? 0 : i]);
        return result;
    }

    private static double[] Softmax(double[] logits)
    {
        var largest = logits.Max();
        var exponentials = Array.ConvertAll(logits, logit => Math.Exp(logit - largest));
        var sum = exponentials.Sum();
        return Array.ConvertAll(exponentials, exponential => exponential / sum);
    }

    private static (double[] Values, int Columns) Values(TensorProto tensor)
    {
        ReadOnlySpan<float> values = tensor.RawData.IsEmpty
            ? tensor.FloatData.ToArray()
            : MemoryMarshal.Cast<byte, float>(tensor.RawData.Span);
        var result = new double[values.Length];
        for (var i = 0; i < result.Length; i++)
            result[i] = values[i];
        return (result, tensor.Dims.Count == 0 ? 1 : (int)tensor.Dims[^1]);
    }
}
