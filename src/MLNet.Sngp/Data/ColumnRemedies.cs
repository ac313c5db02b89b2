using Microsoft.ML.Data;

namespace MLNet.Sngp.Data;

/// <summary>What makes a usable column of one whose type cannot be used.</summary>
internal static class ColumnRemedies
{
    private const string OneForEachRow =
        "Give the name of a column with one value for each row, or make one with Transforms.CustomMapping.";

    public static string ForFeatures(ColumnShape column, string name) => column switch
    {
        { IsKey: true, IsVariable: true } =>
            $"Count the keys with Transforms.Conversion.MapKeyToVector(\"{name}\", outputCountVector: true).",
        { IsKey: true } => $"Make numbers of the keys with Transforms.Conversion.MapKeyToVector(\"{name}\").",
        { ItemType: TextDataViewType, IsVariable: true } =>
        $"Count the words with Transforms.Categorical.OneHotEncoding(\"{name}\", outputKind: OneHotEncodingEstimator.OutputKind.Bag).",
        { ItemType: TextDataViewType, IsVector: true } =>
        $"Make numbers of the text with Transforms.Categorical.OneHotEncoding(\"{name}\").",
        { ItemType: TextDataViewType } =>
        $"Make numbers of the text with Transforms.Categorical.OneHotEncoding(\"{name}\") or Transforms.Text.FeaturizeText(\"{name}\").",
        { IsVariable: true } => "Load it with a fixed size, or set the size with [VectorType(size)].",
        _ when !IsNumber(column) => "Make numbers of it with Transforms.CustomMapping.",
        { IsVector: true } => $"Convert its items with Transforms.Conversion.ConvertType(\"{name}\", outputKind: DataKind.Single).",
        _ when column.ItemType == NumberDataViewType.Single => $"Put the features together with Transforms.Concatenate(\"{name}\", …).",
        _ => $"Convert it with Transforms.Conversion.ConvertType(\"{name}\", outputKind: DataKind.Single), and put the features together "
        + $"with Transforms.Concatenate(\"{name}\", …).",
    };

    public static string ForWeight(ColumnShape column, string name) => column is { IsVector: false, IsKey: false }
        && (IsNumber(column) || column.ItemType is TextDataViewType)
        ? $"Convert it with Transforms.Conversion.ConvertType(\"{name}\", outputKind: DataKind.Single)."
        : OneForEachRow;

    public static string ForBinaryLabel(ColumnShape column, string name) => column switch
    {
        { IsVector: true } => OneForEachRow,
        { IsKey: true } => "Use Multiclass for a key.",
        _ when IsNumber(column) =>
        $"Convert it with Transforms.Conversion.ConvertType(\"{name}\", outputKind: DataKind.Boolean): 0 is false, all else true.",
        _ => $"Map its values with Transforms.Conversion.MapValue(\"{name}\", …) to true and false.",
    };

    public static string ForNumberLabel(ColumnShape column, string name) => column switch
    {
        { IsVector: true } => OneForEachRow,
        { IsKey: true } => "Use Multiclass for a key.",
        { ItemType: BooleanDataViewType } => "Use Binary for a Boolean.",
        _ => $"Convert it with Transforms.Conversion.ConvertType(\"{name}\", outputKind: DataKind.Single).",
    };

    public static string ForLabel(ColumnShape column, string name) => column switch
    {
        { IsVector: true } => OneForEachRow,
        { IsKey: true } =>
        $"Convert it with Transforms.Conversion.ConvertType(\"{name}\", outputKind: DataKind.UInt32), or make the keys with "
        + "Transforms.Conversion.MapValueToKey.",
        _ => $"Add Transforms.Conversion.MapValueToKey(\"{name}\") to the pipeline before this trainer.",
    };

    private static bool IsNumber(ColumnShape column) => column is { IsKey: false, ItemType: NumberDataViewType or BooleanDataViewType };
}
