using MLNet.Sngp.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Posterior;

/// <summary>How σ² of one or C classes follows from the random features φ, shape [N, M].</summary>
/// <param name="Factor">Matrices side by side, all of the same width: A_k or B_k, shape [M, C·r].</param>
/// <param name="Prior">
/// Null for the full form, σ²ₖ = |φ·A_k|² with r = M. Otherwise pₖ, shape [C], of the truncated form σ²ₖ = |pₖ·|φ|² − |φ·B_k|²|.
/// </param>
/// <param name="Jitter">What was added to a precision's diagonal to factor it; usually 0.</param>
/// <param name="Count">C.</param>
internal sealed record VarianceForm(Tensor Factor, Tensor? Prior, double Jitter, int Count)
{
    /// <summary>The nodes of σ² of one class, in the order of computation; the last of them that a graph has gives σ².</summary>
    internal static readonly string[] Names =
        ["deviations", "explained/squares", "explained", "squared_norm/squares", "squared_norm", "prior", "difference", "variance"];

    /// <summary>Truncated forms have a multiple of this many columns.</summary>
    internal const long ColumnMultiple = 16;

    /// <summary>The truncated form of all classes. Classes that need fewer columns than another get columns of zeros.</summary>
    public static VarianceForm Join(IReadOnlyList<LowRankVariance> classes, DisposeScope scope)
    {
        var width = (classes.Max(one => one.Factor.shape[1]) + ColumnMultiple - 1) / ColumnMultiple * ColumnMultiple;
        var factors = classes.Select(one => cat([one.Factor, one.Factor.new_zeros(one.Factor.shape[0], width - one.Factor.shape[1])], 1));
        return new VarianceForm(
            scope.MoveToOuter(cat(factors.ToArray(), 1)),
            scope.MoveToOuter(NativeTensor.Of(classes.Select(one => one.Prior).ToArray(), [classes.Count], CPU)),
            Jitter: 0,
            classes.Count);
    }

    /// <summary>r, the columns of <see cref="Factor"/> for one class.</summary>
    public long Width => Factor.shape[1] / Count;

    /// <summary>σ², shape [N, C], in the precision of <paramref name="features"/>.</summary>
    public Tensor Of(Tensor features)
    {
        using var scope = NewDisposeScope();
        var squares = features.mm(Factor.to(features.dtype)).view(features.shape[0], Count, -1).pow(HeldScalars.Two).sum([2L]);
        if (Prior is not null)
            squares = features.pow(HeldScalars.Two).sum([1L], keepdim: true).mul(Prior.to(features.dtype)).sub(squares).abs();
        return scope.MoveToOuter(squares);
    }

    /// <summary>Adds the nodes of σ², shape [N, C].</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="basis">φ/a, shape [N, M].</param>
    /// <param name="amplitude">a, which is folded into the constants.</param>
    public string AddTo(OnnxGraphBuilder graph, string basis, double amplitude)
    {
        using var scope = NewDisposeScope();
        using var factorScale = amplitude.ToScalar();
        using var priorScale = (amplitude * amplitude).ToScalar();
        var deviations = graph.Node("deviations", "MatMul", [basis, graph.Constant("variance_factor", Factor.mul(factorScale))]);
        // 0 keeps the number of rows.
        if (Count > 1)
            deviations = graph.Node("class_deviations", "Reshape", [deviations, graph.Constant("blocks", [0, Count, Width])]);
        var squares = AddSquaredNorm(graph, "explained", deviations, Width);
        if (Count > 1)
            squares = graph.Node("explained", "Squeeze", [squares], ("axes", new[] { 2L }));
        if (Prior is null)
            return squares;
        var prior = graph.Constant("prior_factor", Prior.mul(priorScale));
        var length = AddSquaredNorm(graph, "squared_norm", basis, Factor.shape[0]);
        var difference = graph.Node("difference", "Sub", [graph.Node("prior", "Mul", [length, prior]), squares]);
        // A difference below 0 is an error of no more than the distance from 0, and Abs hands on what is no number on every runtime.
        return graph.Node("variance", "Abs", [difference]);
    }

    /// <summary>Σ v² over the last dimension. ReduceSumSquare of ONNX Runtime 1.29 adds up one element after the other and takes three
    /// times as long.</summary>
    private static string AddSquaredNorm(OnnxGraphBuilder graph, string name, string values, long width) =>
        graph.RowSum(name, graph.Node(name + "/squares", "Mul", [values, values]), width);
}
