using System.Runtime.InteropServices;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Updates;

/// <summary>What a model keeps of its posterior to learn new rows from, as constants that no node of its graph uses. Immutable.</summary>
/// <param name="Amplitude">What the graph's basis is multiplied by to be φ.</param>
/// <param name="Ridge">ρ.</param>
/// <param name="Tolerance">The largest error of σ²; see <see cref="PosteriorOptions.VarianceTolerance"/>.</param>
/// <param name="LargestSquaredNorm">What |φ|² cannot exceed.</param>
/// <param name="Trained">Of the rows that trained the network; of classes Pβ has the prior in it.</param>
/// <param name="Added">Of the rows that came later; null where there are none.</param>
internal sealed record UpdatableState(
    double Amplitude, double Ridge, double Tolerance, double LargestSquaredNorm, RowSums Trained, RowSums? Added)
{
    /// <summary>What the names of the constants of <see cref="Trained"/> begin with.</summary>
    internal const string TrainedPart = "trained";

    private const string Numbers = "numbers";
    private const string AddedPart = "added";

    /// <summary>Of all rows.</summary>
    public RowSums All => Added is null ? Trained : Trained.Plus(Added);

    /// <summary>The same with more rows.</summary>
    public UpdatableState With(RowSums rows) => this with { Added = Added is null ? rows : Added.Plus(rows) };

    /// <exception cref="ModelFormatException">The constants do not fit together.</exception>
    /// <returns>Null where the model keeps nothing.</returns>
    public static UpdatableState? Read(GraphProto graph)
    {
        var kept = graph.Initializer.Where(tensor => OnnxGraph.IsKept(tensor.Name)).ToDictionary(tensor => tensor.Name, Values);
        if (kept.Count == 0)
            return null;
        try
        {
            return kept[OnnxGraph.KeptName(Numbers)] is [var amplitude, var ridge, var tolerance, var largest]
                ? new(amplitude, ridge, tolerance, largest, ReadSums(kept, TrainedPart)!, ReadSums(kept, AddedPart))
                : throw Damaged();
        }
        catch (KeyNotFoundException)
        {
            throw Damaged();
        }
    }

    /// <summary>Adds the constants to a graph that has none.</summary>
    public void AddTo(OnnxGraph graph)
    {
        graph.Constant(OnnxGraph.KeptName(Numbers), [Amplitude, Ridge, Tolerance, LargestSquaredNorm], 4);
        AddTo(graph, TrainedPart, Trained);
        if (Added is not null)
            AddTo(graph, AddedPart, Added);
    }

    private static void AddTo(OnnxGraph graph, string part, RowSums sums)
    {
        graph.Constant(OnnxGraph.KeptName($"{part}/squares"), sums.Triangle, sums.Triangle.Length);
        graph.Constant(OnnxGraph.KeptName($"{part}/products"), sums.Products, sums.NumberOfOutputs, sums.NumberOfFeatures);
        graph.Constant(
            OnnxGraph.KeptName($"{part}/counts"), [sums.Squares, sums.Weight, sums.Rows, .. sums.Tables], 3 + sums.Tables.Length);
    }

    private static RowSums? ReadSums(Dictionary<string, double[]> kept, string part)
    {
        if (part == AddedPart && !kept.ContainsKey(OnnxGraph.KeptName($"{part}/squares")))
            return null;
        var (triangle, products, counts) = (Of("squares"), Of("products"), Of("counts"));
        long features = RowSums.FeaturesOf(triangle.Length);
        return triangle.Length > 0 && features * (features + 1) / 2 == triangle.Length && products.Length > 0
            && products.Length % features == 0 && counts.Length >= 3
            ? new RowSums(triangle, products, counts[0], counts[1], (long)counts[2]) { Tables = counts[3..] }
            : throw Damaged();

        double[] Of(string name) => kept[OnnxGraph.KeptName($"{part}/{name}")];
    }

    private static double[] Values(TensorProto tensor) => tensor.DataType == (int)TensorProto.Types.DataType.Double
        && tensor.RawData.Length % sizeof(double) == 0
        ? MemoryMarshal.Cast<byte, double>(tensor.RawData.Span).ToArray()
        : throw Damaged();

    private static ModelFormatException Damaged() =>
        new("What the model keeps to learn new rows from is damaged. Give a file that SaveAsOnnx wrote, whole and unchanged.");
}
