using MLNet.Sngp.Onnx;
using MLNet.Sngp.Training;
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
        var squares = variance.Prior is null ? ModelOutput.Variance : Prefix + "explained";
        graph.Node("MatMul", Prefix + "deviations", [basis, AddConstant(graph, Prefix + "variance_factor", variance.Factor.mul(amplitude))]);
        if (numberOfClasses == 1)
        {
            graph.Node("ReduceSumSquare", squares, [Prefix + "deviations"], OnnxAttribute.Reduce(axis: 1, keepDimension: true));
        }
        else
        {
            // 0 keeps the number of rows.
            var blocks = graph.Constant(Prefix + "blocks", [0L, numberOfClasses, variance.Width(numberOfClasses)], 3);
            graph.Node("Reshape", Prefix + "class_deviations", [Prefix + "deviations", blocks]);
            graph.Node("ReduceSumSquare", squares, [Prefix + "class_deviations"], OnnxAttribute.Reduce(axis: 2, keepDimension: false));
        }
        if (variance.Prior is null)
            return;
        graph.Node("ReduceSumSquare", Prefix + "squared_norm", [basis], OnnxAttribute.Reduce(axis: 1, keepDimension: true));
        graph.Node("Mul", Prefix + "prior", [Prefix + "squared_norm", AddConstant(graph, Prefix + "prior_factor", variance.Prior.mul(amplitude * amplitude))]);
        graph.Node("Sub", Prefix + "difference", [Prefix + "prior", squares]);
        // A difference below 0 is an error of no more than the distance from 0, and Abs hands on what is no number on every runtime.
        graph.Node("Abs", ModelOutput.Variance, [Prefix + "difference"]);
    }
}
