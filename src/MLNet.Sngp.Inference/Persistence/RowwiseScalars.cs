using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLNet.Sngp.Persistence;

/// <summary>
/// Takes a number out of a vector of one element, because ML.NET's <c>OnnxTransformer</c> cannot give scalars: one mapping for each kind of
/// column, between columns of fixed names. ML.NET finds these classes by their contract when it loads a zip file, so names and members stay
/// as they are.
/// </summary>
internal static class RowwiseScalars
{
    private const string Vector = RowwiseGraph.Prefix + "vector.";
    private const string Scalar = RowwiseGraph.Prefix + "scalar.";

    /// <summary>The name of the column that a mapping takes.</summary>
    public static string Source(ColumnKind kind) => Vector + Numbers(kind);

    /// <summary>The name of the column that it gives.</summary>
    public static string Target(ColumnKind kind) => Scalar + Numbers(kind);

    public static IEstimator<ITransformer> For(ColumnKind kind, TransformsCatalog transforms) => kind switch
    {
        ColumnKind.Boolean => transforms.CustomMapping(new BooleanFactory().GetMapping(), BooleanFactory.Contract),
        ColumnKind.Key or ColumnKind.Reason => transforms.CustomMapping(new KeyFactory().GetMapping(), KeyFactory.Contract),
        _ => transforms.CustomMapping(new SingleFactory().GetMapping(), SingleFactory.Contract),
    };

    /// <summary>Whether <paramref name="transformer"/> is one of these mappings.</summary>
    public static bool IsOne(ITransformer transformer) => transformer is CustomMappingTransformer<SingleVector, SingleScalar>
        or CustomMappingTransformer<BooleanVector, BooleanScalar> or CustomMappingTransformer<KeyVector, KeyScalar>;

    // To a mapping any key is a number.
    private static ColumnKind Numbers(ColumnKind kind) => kind == ColumnKind.Reason ? ColumnKind.Key : kind;

    internal sealed class SingleVector
    {
        [ColumnName(Vector + nameof(ColumnKind.Single))]
        public VBuffer<float> Value { get; set; }
    }

    internal sealed class SingleScalar
    {
        [ColumnName(Scalar + nameof(ColumnKind.Single))]
        public float Value { get; set; }
    }

    [CustomMappingFactoryAttribute(Contract)]
    internal sealed class SingleFactory : CustomMappingFactory<SingleVector, SingleScalar>
    {
        public const string Contract = "MLNet.Sngp.Single.2";

        public override Action<SingleVector, SingleScalar> GetMapping() => (vector, scalar) => scalar.Value =
            vector.Value.GetItemOrDefault(0);
    }

    internal sealed class BooleanVector
    {
        [ColumnName(Vector + nameof(ColumnKind.Boolean))]
        public VBuffer<bool> Value { get; set; }
    }

    internal sealed class BooleanScalar
    {
        [ColumnName(Scalar + nameof(ColumnKind.Boolean))]
        public bool Value { get; set; }
    }

    [CustomMappingFactoryAttribute(Contract)]
    internal sealed class BooleanFactory : CustomMappingFactory<BooleanVector, BooleanScalar>
    {
        public const string Contract = "MLNet.Sngp.Boolean.2";

        public override Action<BooleanVector, BooleanScalar> GetMapping() => (vector, scalar) => scalar.Value =
            vector.Value.GetItemOrDefault(0);
    }

    internal sealed class KeyVector
    {
        [ColumnName(Vector + nameof(ColumnKind.Key))]
        public VBuffer<uint> Value { get; set; }
    }

    internal sealed class KeyScalar
    {
        [ColumnName(Scalar + nameof(ColumnKind.Key))]
        public uint Value { get; set; }
    }

    [CustomMappingFactoryAttribute(Contract)]
    internal sealed class KeyFactory : CustomMappingFactory<KeyVector, KeyScalar>
    {
        public const string Contract = "MLNet.Sngp.Key.2";

        public override Action<KeyVector, KeyScalar> GetMapping() => (vector, scalar) => scalar.Value = vector.Value.GetItemOrDefault(0);
    }
}
