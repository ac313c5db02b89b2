using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>What several estimators ask of the shape of their input.</summary>
internal static class Shapes
{
    public static SchemaShape.Column Find(SchemaShape schema, string name)
        => schema.TryFindColumn(name, out var column) ? column : throw Contracts.ExceptMissing("input", name);

    /// <summary>Numbers, text, Boolean and times: all that a value can be converted to or mapped from.</summary>
    public static bool IsStandardScalar(DataViewType type) => type is NumberDataViewType or TextDataViewType or BooleanDataViewType
        or RowIdDataViewType or TimeSpanDataViewType or DateTimeDataViewType or DateTimeOffsetDataViewType;

    public static bool HasSlotNames(this SchemaShape.Column column) => column.Kind == SchemaShape.Column.VectorKind.Vector
        && column.Annotations.TryFindColumn(AnnotationKinds.SlotNames, out var names)
        && names.Kind == SchemaShape.Column.VectorKind.Vector && names.ItemType is TextDataViewType;

    public static bool IsNormalized(this SchemaShape.Column column) => column.Annotations.TryFindColumn(AnnotationKinds.IsNormalized, out var flag)
        && flag.Kind == SchemaShape.Column.VectorKind.Scalar && flag.ItemType is BooleanDataViewType;
}
