using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Data;

namespace MLNet.Sngp.Likelihoods;

/// <summary>Labels that are true or false: class 0 is false and class 1 is true.</summary>
internal sealed class BooleanLabels : LabelReader
{
    public static readonly BooleanLabels Instance = new();

    public override string? Complaint(ColumnShape label, string name) => label
        is { IsVector: false, IsKey: false, ItemType: BooleanDataViewType }
        ? null
        : $"The label column '{name}' is {label}; it must be Boolean. {ColumnRemedies.ForBinaryLabel(label, name)}";

    public override ClassLabels Classes(DataViewSchema.Column label) => ClassLabels.Of(false, true);

    public override Func<float> Getter(DataViewRow row, DataViewSchema.Column label)
    {
        var getTruth = row.GetGetter<bool>(label);
        var truth = false;
        return () =>
        {
            getTruth(ref truth);
            return truth ? 1 : 0;
        };
    }
}
