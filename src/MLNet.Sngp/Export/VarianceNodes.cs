using MLNet.Sngp.Onnx;
using MLNet.Sngp.Training;
using TorchSharp;
using static MLNet.Sngp.Export.NetworkNodes;

namespace MLNet.Sngp.Export;

/// <summary>From the random features to Variance.</summary>
internal static class VarianceNodes
{
    private const string Prefix = "gaussian_process/";

    /// <summary>Adds σ² = |φ·A|² or σ² = |p·|φ|² − |φ·B|²|, shape [N, C].</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="basis">φ/a, shape [N, M].</param>
    /// <param name="amplitude">a, which is folded into the constants.</param>
    /// <param name="variance">A, or B and p.</param>
    /// <param name="numberOfClasses">C.</param>
    public static void Add(OnnxGraph graph, string basis, double amplitude, VarianceForm variance, int numberOfClasses)
    {
        using var factorScale = amplitude.ToScalar();
        using var priorScale = (amplitude * amplitude).ToScalar();
        var columns = variance.Width(numberOfClasses);
        var deviations = graph.Node("MatMul", Prefix + "deviations", [basis, AddConstant(graph, Prefix + "variance_factor", variance.Factor.mul(factorScale))]);
        if (numberOfClasses > 1)
        {
            // 0 keeps the number of rows.
            var blocks = graph.Constant(Prefix + "blocks", [0L, numberOfClasses, columns], 3);
            deviations = graph.Node("Reshape", Prefix + "class_deviations", [deviations, blocks]);
        }
        var explained = variance.Prior is null ? ModelOutput.Variance : Prefix + "explained";
        if (numberOfClasses == 1)
            AddSquaredNorm(graph, explained, deviations, columns);
        else
            graph.Node("Squeeze", explained, [AddSquaredNorm(graph, explained + "/of_class", deviations, columns)], [OnnxAttribute.Of("axes", [2L])]);
        if (variance.Prior is null)
            return;
        var squaredNorm = AddSquaredNorm(graph, Prefix + "squared_norm", basis, variance.Factor.shape[0]);
        graph.Node("Mul", Prefix + "prior", [squaredNorm, AddConstant(graph, Prefix + "prior_factor", variance.Prior.mul(priorScale))]);
        graph.Node("Sub", Prefix + "difference", [Prefix + "prior", explained]);
        // A difference below 0 is an error of no more than the distance from 0, and Abs hands on what is no number on every runtime.
        graph.Node("Abs", ModelOutput.Variance, [Prefix + "difference"]);
    }

    /// <summary>Σ v² over the last dimension. ReduceSumSquare of ONNX Runtime 1.29 adds up one element after the other and takes three
    /// times as long.</summary>
    private static string AddSquaredNorm(OnnxGraph graph, string name, string values, long width) =>
        AddRowSum(graph, name, graph.Node("Mul", name + "/squares", [values, values]), width);
}
