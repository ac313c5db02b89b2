using Microsoft.ML;
using MLNet.Sngp.Data;

namespace MLNet.Sngp.Likelihoods;

/// <summary>What a likelihood takes as its label column, and how it reads it.</summary>
internal abstract class LabelReader
{
    /// <summary>What is wrong with a column of this type, and the remedy; null where it can be used.</summary>
    public abstract string? Complaint(ColumnShape label, string name);

    /// <summary>The classes of the column in the order of their numbers; null where the label is no class.</summary>
    public virtual ClassLabels? Classes(DataViewSchema.Column label) => null;

    /// <summary>Gives the row's label as a number, a class from 0; NaN where it is missing.</summary>
    public abstract Func<float> Getter(DataViewRow row, DataViewSchema.Column label);

    /// <summary>What is wrong with a row's label, and the remedy; null where it can be used.</summary>
    /// <param name="label">What the getter gave, not NaN.</param>
    /// <param name="numberOfClasses">K; 0 where the label is no class.</param>
    public virtual string? Complaint(float label, int numberOfClasses) => null;
}
