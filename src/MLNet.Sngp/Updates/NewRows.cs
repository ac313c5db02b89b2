using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Data;
using MLNet.Sngp.Likelihoods;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Updates;

/// <summary>New rows of a model, as φ, labels and weights. The tensors belong to the dispose scope in which they were read.</summary>
/// <param name="Features">φ, shape [N, M], in double precision.</param>
/// <param name="Labels">Classes from 0, or numbers, shape [N], in double precision.</param>
/// <param name="Weights">w, shape [N, 1], in double precision.</param>
internal sealed record NewRows(Tensor Features, Tensor Labels, Tensor Weights)
{
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be used.</exception>
    /// <exception cref="ArgumentException">The classes are not the model's.</exception>
    /// <exception cref="InvalidOperationException">A row cannot be used, or none is left.</exception>
    public static NewRows Read(
        UncertaintyModel model, IDataView rows, RowFeatures features, Action<string> warn, CancellationToken cancellation)
    {
        var columns = Columns(model, rows.Schema);
        using var scope = NewDisposeScope();
        using var cursor = new TrainingRowCursor(rows, columns, cancellation);
        var (parts, labels, weights) = (new List<Tensor>(), new List<double>(), new List<double>());
        while (cursor.MoveNext())
        {
            cursor.Read(features.Next());
            labels.Add(cursor.Label);
            weights.Add(cursor.Weight);
            if (features.IsFull)
                parts.Add(features.Take());
        }
        if (labels.Count == 0)
            throw new InvalidOperationException(cursor.NumberWithoutLabel == 0
                ? "The table of new rows is empty. Check the data source and the filters before it."
                : FormattableString.Invariant($"None of the {cursor.NumberWithoutLabel} new rows has a value in the label column ")
                    + $"'{columns.Label.Name}'. {NoValue(columns)}");
        if (cursor.NumberWithoutLabel > 0)
            warn(FormattableString.Invariant($"{cursor.NumberWithoutLabel} new rows have no value in the label column ")
                + $"'{columns.Label.Name}' and were left out. {NoValue(columns)}");
        parts.Add(features.Take());
        return new NewRows(
            scope.MoveToOuter(cat(parts, 0)),
            scope.MoveToOuter(NativeTensor.Of([.. labels], [labels.Count], CPU)),
            scope.MoveToOuter(NativeTensor.Of([.. weights], [weights.Count, 1], CPU)));
    }

    private static string NoValue(TrainingColumns columns) => columns.Classes is null
        ? "Check the label's source."
        : "MapValueToKey gives none to a class that it was not fitted to: to learn a new class, train again with rows of it.";

    private static TrainingColumns Columns(UncertaintyModel model, DataViewSchema schema)
    {
        var options = new SngpOptions
        {
            LabelColumnName = model.Options[nameof(SngpOptions.LabelColumnName)],
            FeatureColumnName = model.FeatureColumnName,
            ExampleWeightColumnName = model.Options.GetValueOrDefault(nameof(SngpOptions.ExampleWeightColumnName)),
        };
        var columns = TrainingColumns.Find(schema, options, LikelihoodOf(model));
        if (columns.NumberOfFeatures != model.NumberOfFeatures)
            throw new ArgumentOutOfRangeException(nameof(schema), FormattableString.Invariant(
                $"Feature column '{model.FeatureColumnName}' has {columns.NumberOfFeatures} elements and the model was trained on ")
                + FormattableString.Invariant($"{model.NumberOfFeatures}. Build the column as it was built for training."));
        if (columns.Classes is { } classes && model.NumberOfClasses > 0)
            ThrowIfOthers(classes, model.Labels, columns.Label.Name);
        return columns;
    }

    private static Likelihood LikelihoodOf(UncertaintyModel model) =>
        model.IsRegression ? Gaussian.Instance
        : model.IsBinary ? Bernoulli.Instance
        : Categorical.Instance;

    private static void ThrowIfOthers(ClassLabels classes, ClassLabels known, string column)
    {
        if (classes.ToJson() == known.ToJson())
            return;
        var unknown = classes.Names.Except(known.Names, StringComparer.Ordinal).ToList();
        throw new ArgumentException(unknown.Count > 0
            ? $"The label column '{column}' has classes that the model was not trained on: {string.Join(", ", unknown.Take(10))}. A new "
            + "class "
                + "needs an output of its own: train again with rows of all classes."
            : $"The label column '{column}' has the model's classes in another order, or not all of them. Make the keys with the "
                + "MapValueToKey that was fitted for the training.", "rows");
    }
}
