using Microsoft.ML;

namespace MLNet.Sngp.Decisions;

/// <summary>What a <see cref="ValidationStepEstimator"/> adds to a model.</summary>
internal abstract class FittedStep
{
    /// <summary>The name of the catalog method that makes it.</summary>
    public abstract string Name { get; }

    /// <summary>The label column that it takes; null where it takes none.</summary>
    public virtual string? LabelColumnName => null;

    /// <summary>Whether the label is a number.</summary>
    public virtual bool TakesNumbers => false;

    /// <summary>Whether the model has the columns already, and gets others in their place.</summary>
    public virtual bool Replaces => false;

    /// <summary>The columns that it adds; widths do not matter.</summary>
    /// <param name="isBinary">Whether the model is a binary one.</param>
    public abstract IReadOnlyList<OutputColumn> Columns(bool isBinary);

    /// <summary>Fits what is added to rows that the model scores.</summary>
    /// <exception cref="ArgumentException">A column is absent or of a wrong type.</exception>
    /// <exception cref="InvalidOperationException">The rows do not suffice.</exception>
    public abstract FittedModel Fit(UncertaintyModel model, IDataView input);
}

/// <param name="Model">The model with the new columns.</param>
/// <param name="UnscoredRowCount">The number of validation rows left out because what the model gives is not finite.</param>
/// <param name="Report">What a decision came to; null for another step.</param>
internal readonly record struct FittedModel(UncertaintyModel Model, int UnscoredRowCount, DecisionReport? Report = null);
