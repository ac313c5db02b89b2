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
        var columns = variance.Width(numberOfClasses);
        var deviations = graph.Node("MatMul", Prefix + "deviations", [basis, AddConstant(graph, Prefix + "variance_factor", variance.Factor.mul(amplitude))]);
        if (numberOfClasses > 1)
        {
            // 0 keeps the number of rows.
            var blocks = graph.Constant(Prefix + "blocks", [0L, numberOfClasses, columns], 3);
            deviations = graph.Node("Reshape", Prefix + "class_deviations", [deviations, blocks]);
        }
        var explained = variance.Prior is null ? ModelOutput.Variance : Prefix + "explained";
        AddSquaredNorm(graph, explained, deviations, columns, numberOfClasses > 1 ? 2 : 1, keepDimension: numberOfClasses == 1);
        if (variance.Prior is null)
            return;
        AddSquaredNorm(graph, Prefix + "squared_norm", basis, variance.Factor.shape[0], axis: 1, keepDimension: true);
        graph.Node("Mul", Prefix + "prior", [Prefix + "squared_norm", AddConstant(graph, Prefix + "prior_factor", variance.Prior.mul(amplitude * amplitude))]);
        graph.Node("Sub", Prefix + "difference", [Prefix + "prior", explained]);
        // A difference below 0 is an error of no more than the distance from 0, and Abs hands on what is no number on every runtime.
        graph.Node("Abs", ModelOutput.Variance, [Prefix + "difference"]);
    }

    /// <summary>Σ v² over the last dimension.</summary>
    /// <remarks>
    /// ONNX Runtime 1.29 takes 0.9 ns an element for ReduceSumSquare, one after the other, and a third of that for the two nodes. But its ReduceSum
    /// starts to add up where the memory is aligned: only vectors of whole processor vectors give the same sum in each row of a batch.
    /// </remarks>
    private static void AddSquaredNorm(OnnxGraph graph, string output, string values, long width, long axis, bool keepDimension)
    {
        var reduce = OnnxAttribute.Reduce(axis, keepDimension);
        if (width % VarianceForm.ColumnMultiple == 0)
            graph.Node("ReduceSum", output, [graph.Node("Mul", output + "/squares", [values, values])], reduce);
        else
            graph.Node("ReduceSumSquare", output, [values], reduce);
    }
}
