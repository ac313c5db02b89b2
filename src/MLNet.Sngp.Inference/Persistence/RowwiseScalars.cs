using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLNet.Sngp.Persistence;

/// <summary>
/// Takes numbers out of vectors of one element, because ML.NET's <c>OnnxTransformer</c> cannot give scalars. ML.NET finds these classes
/// by their contract when it loads a zip file, so names and members stay as they are.
/// </summary>
internal static class RowwiseScalars
{
    public const string Prefix = RowwiseGraph.Prefix + "scalar.";

    /// <summary>The mapping for the outputs of <paramref name="model"/>.</summary>
    /// <exception cref="NotSupportedException">No mapping fits them.</exception>
    public static IEstimator<ITransformer> For(UncertaintyModel model, TransformsCatalog transforms)
    {
        var scalars = string.Join(", ", model.Outputs.Where(output => !output.IsPerClass).Select(output => $"{output.Name} {output.Type}"));
        return scalars switch
        {
            "PredictedLabel UInt32, Variance Single, Uncertainty Single" => Map(transforms, new MulticlassFactory(), MulticlassFactory.Contract),
            "PredictedLabel UInt32, Uncertainty Single" => Map(transforms, new VariancePerClassFactory(), VariancePerClassFactory.Contract),
            "PredictedLabel Boolean, Probability Single, Score Single, Variance Single, Uncertainty Single" =>
                Map(transforms, new BinaryFactory(), BinaryFactory.Contract),
            _ => throw new NotSupportedException($"A model with the scalar outputs [{scalars}] cannot be saved in ML.NET's format. Save it with SaveAsOnnx."),
        };
    }

    /// <summary>Whether <paramref name="transformer"/> is one of these mappings.</summary>
    public static bool IsOne(ITransformer transformer) => transformer is CustomMappingTransformer<MulticlassVectors, MulticlassNumbers>
        or CustomMappingTransformer<VariancePerClassVectors, VariancePerClassNumbers> or CustomMappingTransformer<BinaryVectors, BinaryNumbers>;

    private static CustomMappingEstimator<TSrc, TDst> Map<TSrc, TDst>(TransformsCatalog transforms, CustomMappingFactory<TSrc, TDst> factory, string contract)
        where TSrc : class, new()
        where TDst : class, new() => transforms.CustomMapping(factory.GetMapping(), contract);

    internal sealed class MulticlassVectors
    {
        [ColumnName(RowwiseGraph.Prefix + ModelOutput.PredictedLabel)]
        public VBuffer<uint> PredictedLabel { get; set; }

        [ColumnName(RowwiseGraph.Prefix + ModelOutput.Variance)]
        public VBuffer<float> Variance { get; set; }

        [ColumnName(RowwiseGraph.Prefix + ModelOutput.Uncertainty)]
        public VBuffer<float> Uncertainty { get; set; }
    }

    internal sealed class MulticlassNumbers
    {
        [ColumnName(Prefix + ModelOutput.PredictedLabel)]
        public uint PredictedLabel { get; set; }

        [ColumnName(Prefix + ModelOutput.Variance)]
        public float Variance { get; set; }

        [ColumnName(Prefix + ModelOutput.Uncertainty)]
        public float Uncertainty { get; set; }
    }

    [CustomMappingFactoryAttribute(Contract)]
    internal sealed class MulticlassFactory : CustomMappingFactory<MulticlassVectors, MulticlassNumbers>
    {
        public const string Contract = "MLNet.Sngp.Multiclass.1";

        public override Action<MulticlassVectors, MulticlassNumbers> GetMapping() => Map;

        private static void Map(MulticlassVectors vectors, MulticlassNumbers numbers)
        {
            numbers.PredictedLabel = vectors.PredictedLabel.GetItemOrDefault(0);
            numbers.Variance = vectors.Variance.GetItemOrDefault(0);
            numbers.Uncertainty = vectors.Uncertainty.GetItemOrDefault(0);
        }
    }

    internal sealed class VariancePerClassVectors
    {
        [ColumnName(RowwiseGraph.Prefix + ModelOutput.PredictedLabel)]
        public VBuffer<uint> PredictedLabel { get; set; }

        [ColumnName(RowwiseGraph.Prefix + ModelOutput.Uncertainty)]
        public VBuffer<float> Uncertainty { get; set; }
    }

    internal sealed class VariancePerClassNumbers
    {
        [ColumnName(Prefix + ModelOutput.PredictedLabel)]
        public uint PredictedLabel { get; set; }

        [ColumnName(Prefix + ModelOutput.Uncertainty)]
        public float Uncertainty { get; set; }
    }

    [CustomMappingFactoryAttribute(Contract)]
    internal sealed class VariancePerClassFactory : CustomMappingFactory<VariancePerClassVectors, VariancePerClassNumbers>
    {
        public const string Contract = "MLNet.Sngp.VariancePerClass.1";

        public override Action<VariancePerClassVectors, VariancePerClassNumbers> GetMapping() => Map;

        private static void Map(VariancePerClassVectors vectors, VariancePerClassNumbers numbers)
        {
            numbers.PredictedLabel = vectors.PredictedLabel.GetItemOrDefault(0);
            numbers.Uncertainty = vectors.Uncertainty.GetItemOrDefault(0);
        }
    }

    internal sealed class BinaryVectors
    {
        [ColumnName(RowwiseGraph.Prefix + ModelOutput.PredictedLabel)]
        public VBuffer<bool> PredictedLabel { get; set; }

        [ColumnName(RowwiseGraph.Prefix + ModelOutput.Probability)]
        public VBuffer<float> Probability { get; set; }

        [ColumnName(RowwiseGraph.Prefix + ModelOutput.Score)]
        public VBuffer<float> Score { get; set; }

        [ColumnName(RowwiseGraph.Prefix + ModelOutput.Variance)]
        public VBuffer<float> Variance { get; set; }

        [ColumnName(RowwiseGraph.Prefix + ModelOutput.Uncertainty)]
        public VBuffer<float> Uncertainty { get; set; }
    }

    internal sealed class BinaryNumbers
    {
        [ColumnName(Prefix + ModelOutput.PredictedLabel)]
        public bool PredictedLabel { get; set; }

        [ColumnName(Prefix + ModelOutput.Probability)]
        public float Probability { get; set; }

        [ColumnName(Prefix + ModelOutput.Score)]
        public float Score { get; set; }

        [ColumnName(Prefix + ModelOutput.Variance)]
        public float Variance { get; set; }

        [ColumnName(Prefix + ModelOutput.Uncertainty)]
        public float Uncertainty { get; set; }
    }

    [CustomMappingFactoryAttribute(Contract)]
    internal sealed class BinaryFactory : CustomMappingFactory<BinaryVectors, BinaryNumbers>
    {
        public const string Contract = "MLNet.Sngp.Binary.1";

        public override Action<BinaryVectors, BinaryNumbers> GetMapping() => Map;

        private static void Map(BinaryVectors vectors, BinaryNumbers numbers)
        {
            numbers.PredictedLabel = vectors.PredictedLabel.GetItemOrDefault(0);
            numbers.Probability = vectors.Probability.GetItemOrDefault(0);
            numbers.Score = vectors.Score.GetItemOrDefault(0);
            numbers.Variance = vectors.Variance.GetItemOrDefault(0);
            numbers.Uncertainty = vectors.Uncertainty.GetItemOrDefault(0);
        }
    }
}
