using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Data;

namespace MLNet.Sngp.Likelihoods;

/// <summary>Labels that are keys: class i is key i + 1.</summary>
internal sealed class KeyLabels : LabelReader
{
    public static readonly KeyLabels Instance = new();

    public override string? Complaint(ColumnShape label, string name) => label is { IsKey: true, IsVector: false, ItemType: var type }
        && type == NumberDataViewType.UInt32
        ? null
        : $"The label column '{name}' is {label}; it must be a key (UInt32). {ColumnRemedies.ForLabel(label, name)}";

    public override ClassLabels Classes(DataViewSchema.Column label) => label.Type
        is KeyDataViewType { Count: > ModelGraphReader.MaximumWidth } key
        ? throw new ArgumentOutOfRangeException(
        "input", $"The label column '{label.Name}' has {key.Count} possible keys, and so no known number of classes. "
            + "Make the keys with Transforms.Conversion.MapValueToKey, or say how many there are with [KeyType(count)].")
        : ClassLabels.From(label);

    public override Func<float> Getter(DataViewRow row, DataViewSchema.Column label)
    {
        var getKey = row.GetGetter<uint>(label);
        uint key = 0;
        return () =>
        {
            getKey(ref key);
            return key == 0 ? float.NaN : key - 1;
        };
    }

    public override string? Complaint(float label, int numberOfClasses) => label < numberOfClasses
        ? null
        : string.Create(CultureInfo.InvariantCulture,
        $"holds the key {(long)label + 1}, above its number of classes, {numberOfClasses}. Make the keys with "
        + $"Transforms.Conversion.MapValueToKey.");
}
