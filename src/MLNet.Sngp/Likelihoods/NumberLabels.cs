using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Data;

namespace MLNet.Sngp.Likelihoods;

/// <summary>Labels that are numbers, kept in single precision; NaN is a missing one.</summary>
internal sealed class NumberLabels : LabelReader
{
    public static readonly NumberLabels Instance = new();

    public override string? Complaint(ColumnShape label, string name) => label is { IsVector: false, IsKey: false }
        && (label.ItemType == NumberDataViewType.Single || label.ItemType == NumberDataViewType.Double)
        ? null
        : $"The label column '{name}' is {label}; it must be a Single or a Double. {ColumnRemedies.ForNumberLabel(label, name)}";

    public override Func<float> Getter(DataViewRow row, DataViewSchema.Column label) =>
        label.Type == NumberDataViewType.Single ? Getter<float>(row, label, value => value) : Getter<double>(row, label, value =>
            (float)value);

    public override string? Complaint(float label, int numberOfClasses) => float.IsFinite(label)
        ? null
        : FormattableString.Invariant($"holds {label}, or a number beyond single precision. Remove such rows, or scale the column.");

    private static Func<float> Getter<T>(DataViewRow row, DataViewSchema.Column label, Func<T, float> convert)
    {
        var get = row.GetGetter<T>(label);
        T value = default!;
        return () =>
        {
            get(ref value);
            return convert(value);
        };
    }
}
