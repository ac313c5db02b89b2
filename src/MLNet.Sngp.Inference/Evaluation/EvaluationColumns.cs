using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Evaluation;

/// <summary>Finds and checks the columns that evaluation reads; every exception names column and remedy.</summary>
internal static class EvaluationColumns
{
    private static readonly string[] Predictions =
        [ColumnNames.Probability, ColumnNames.Score, ColumnNames.Variance, ColumnNames.EnsembleVariance, ColumnNames.Logits,
            ColumnNames.Uncertainty, ColumnNames.Novelty, ColumnNames.PredictionSet, ColumnNames.SetSize, ColumnNames.NoiseVariance,
            ColumnNames.Lower, ColumnNames.Upper];

    public const string LabelRemedy = "Pass the name of the label column.";

    private const string ScoreRemedy =
        "Score the data with a trained model first, or pass the name of the column that holds the class probabilities.";

    private const string ClassRemedy = "Map the label with the pipeline that trained the model, so that both number the classes alike.";

    /// <summary>A column of labels: Key&lt;UInt32&gt; or Boolean, and none that a model made.</summary>
    public static ColumnShape Label(ColumnShapes columns, string name)
    {
        var label = columns.Find("label", name, LabelRemedy);
        bool isLabel = !label.IsVector
            && (label.IsKey ? label.ItemType == NumberDataViewType.UInt32 : label.ItemType is BooleanDataViewType);
        if (name == ColumnNames.PredictedLabel || (!isLabel && Predictions.Contains(name)))
            throw new ArgumentException(
                $"Column '{name}' holds what a model predicts, so a model cannot be measured by it. Pass the name of the column of true "
                + "labels; if that "
                + $"was itself called '{name}', give it another name with Transforms.CopyColumns(\"Label\", \"{name}\") before scoring.");
        if (isLabel)
            return label;
        if (label is { IsVector: false, IsKey: false, ItemType: NumberDataViewType })
            throw new ArgumentException(
                $"Column '{name}' is of type {label}, but the label of a classifier must be a key of UInt32, or Boolean. Where it stands "
                + "for "
                + "classes, put Conversion.MapValueToKey on it in the pipeline that is trained; a regression is evaluated with "
                + "mlContext.Regression.Evaluate.");
        throw new ArgumentException(
            $"Column '{name}' is of type {label}, but a label must be a key of UInt32, or Boolean. "
            + "Put Conversion.MapValueToKey on it in the pipeline that is trained; where its scope is TrainTest, score with "
            + "Transform(data, TransformerScope.Testing).");
    }

    /// <summary>A column of class probabilities: Vector&lt;Single, K&gt;.</summary>
    public static void CheckProbabilities(ColumnShapes columns, string name)
    {
        var column = columns.Find("score", name, ScoreRemedy);
        if (!column.IsVector || column.IsVariable || column.IsKey || column.ItemType != NumberDataViewType.Single)
            throw new ArgumentException(
                $"Column '{name}' is of type {column}, but class probabilities are a vector of Single of known size. "
                + "Pass the name of the column that holds them.");
    }

    /// <summary>A column of one Single a row.</summary>
    public static void CheckSingle(ColumnShapes columns, string role, string name)
    {
        var column = columns.Find(role, name, NumberColumn.Remedy);
        if (column.IsVector || column.IsKey || column.ItemType != NumberDataViewType.Single)
            throw new ArgumentException($"Column '{name}' is of type {column}, but Single is needed. " + NumberColumn.Remedy);
    }

    /// <summary>
    /// The label's keys must be numbered as the score's slots are; where both carry names, the names must agree.
    /// </summary>
    public static void RequireSameClasses(DataViewSchema.Column label, DataViewSchema.Column score)
    {
        var names = score.HasSlotNames() ? SlotNames.Of(score) : null;
        RequireSameClasses(label, score.Name, ((VectorDataViewType)score.Type).Size, names);
    }

    /// <param name="label">A key.</param>
    /// <param name="score">The name of the column of probabilities.</param>
    /// <param name="numberOfClasses">How many it holds.</param>
    /// <param name="names">The names of the classes in its order; empty where there is none.</param>
    public static void RequireSameClasses(DataViewSchema.Column label, string score, int numberOfClasses, IReadOnlyList<string>? names)
    {
        ulong keyCount = ((KeyDataViewType)label.Type).Count;
        if (keyCount > (ulong)numberOfClasses)
            throw new ArgumentException(
                $"Column '{label.Name}' has {keyCount} classes but column '{score}' has {numberOfClasses} probabilities. " + ClassRemedy);
        if (names is null || !label.HasKeyValues(TextDataViewType.Instance))
            return;
        VBuffer<ReadOnlyMemory<char>> keys = default;
        label.GetKeyValues(ref keys);
        foreach (var (index, key) in keys.Items(all: true))
        {
            if (names[index].Length > 0 && !key.Span.SequenceEqual(names[index]))
                throw new ArgumentException(
                    $"Class {index + 1} is '{key}' in column '{label.Name}' but '{names[index]}' in column '{score}'. " + ClassRemedy);
        }
    }

    /// <summary>What to say when all rows were left out.</summary>
    public static string NoRows(string row, string labelColumn, int skipped, string valueColumn, int unscored)
        => skipped + unscored == 0
            ? $"There is no {row}."
            : $"There is no {row} to take: {skipped} have no value in column '{labelColumn}' (a label that training did not see counts as "
            + "missing; map labels "
            + $"with the pipeline that trained the model), {unscored} have a value in column '{valueColumn}' that is no number (replace "
            + "missing feature values with Transforms.ReplaceMissingValues before scoring).";
}
