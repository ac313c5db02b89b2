using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Evaluation;

/// <summary>Finds and checks the columns that evaluation reads; every exception names column and remedy.</summary>
internal static class EvaluationColumns
{
    private static readonly string[] Predictions =
        [ColumnNames.Probability, ColumnNames.Score, ColumnNames.Variance, ColumnNames.EnsembleVariance, ColumnNames.Logits, ColumnNames.Uncertainty];

    public const string LabelRemedy = "Pass the name of the label column.";

    public static DataViewSchema.Column Find(IDataView data, string name, string remedy)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return data.Schema.GetColumnOrNull(name)
            ?? throw new ArgumentException(
                $"There is no column '{name}'. {remedy} The columns are: "
                + string.Join(", ", data.Schema.Where(c => !c.IsHidden).Select(c => $"'{c.Name}'")) + ".");
    }

    /// <summary>A column of labels: Key&lt;UInt32&gt; or Boolean, and none that a model made.</summary>
    public static DataViewSchema.Column Label(IDataView data, string name)
    {
        DataViewSchema.Column column = Find(data, name, LabelRemedy);
        bool isLabel = column.Type is BooleanDataViewType || (column.Type is KeyDataViewType && column.Type.RawType == typeof(uint));
        if (name == ColumnNames.PredictedLabel || (!isLabel && Predictions.Contains(name)))
            throw new ArgumentException(
                $"Column '{name}' holds what a model predicts, so a model cannot be measured by it. Pass the name of the column of true labels; if that "
                + $"was itself called '{name}', give it another name with Transforms.CopyColumns(\"Label\", \"{name}\") before scoring.");
        if (isLabel)
            return column;
        throw new ArgumentException(
            $"Column '{name}' is of type {column.Type}, but a label must be a key of UInt32, or Boolean. "
            + "Put Conversion.MapValueToKey on it in the pipeline that is trained.");
    }

    /// <summary>A column of class probabilities: Vector&lt;Single, K&gt;.</summary>
    public static DataViewSchema.Column Probabilities(IDataView data, string name)
    {
        DataViewSchema.Column column = Find(data, name, "Score the data with a trained model first.");
        if (column.Type is VectorDataViewType { IsKnownSize: true } type && type.ItemType == NumberDataViewType.Single)
            return column;
        throw new ArgumentException(
            $"Column '{name}' is of type {column.Type}, but class probabilities are a vector of Single of known size. "
            + "Pass the name of the column that holds them.");
    }

    /// <summary>A column of one Single a row.</summary>
    public static DataViewSchema.Column Single(IDataView data, string name)
    {
        DataViewSchema.Column column = Find(data, name, NumberColumn.Remedy);
        if (column.Type == NumberDataViewType.Single)
            return column;
        throw new ArgumentException(
            $"Column '{name}' is of type {column.Type}, but Single is needed. " + NumberColumn.Remedy);
    }

    /// <summary>
    /// The label's keys must be numbered as the score's slots are; where both carry names, the names must agree.
    /// </summary>
    public static void RequireSameClasses(DataViewSchema.Column label, DataViewSchema.Column score)
    {
        int classCount = ((VectorDataViewType)score.Type).Size;
        ulong keyCount = ((KeyDataViewType)label.Type).Count;
        if (keyCount > (ulong)classCount)
            throw new ArgumentException(
                $"Column '{label.Name}' has {keyCount} classes but column '{score.Name}' has {classCount} probabilities. "
                + Remedy);
        if (!score.HasSlotNames() || !label.HasKeyValues(TextDataViewType.Instance))
            return;

        VBuffer<ReadOnlyMemory<char>> slots = default, keys = default;
        score.GetSlotNames(ref slots);
        label.GetKeyValues(ref keys);
        foreach (((int index, ReadOnlyMemory<char> key), ReadOnlyMemory<char> slot) in
                 keys.Items(all: true).Select(item => (item.Key, item.Value)).Zip(slots.DenseValues()))
        {
            if (!slot.IsEmpty && !key.Span.SequenceEqual(slot.Span))
                throw new ArgumentException(
                    $"Class {index + 1} is '{key}' in column '{label.Name}' but '{slot}' in column '{score.Name}'. "
                    + Remedy);
        }
    }

    /// <summary>What to say when all rows were left out.</summary>
    public static string NoRows(string row, string labelColumn, int skipped, string valueColumn, int unscored)
        => skipped + unscored == 0
            ? $"There is no {row}."
            : $"There is no {row} to take: {skipped} have no value in column '{labelColumn}' (a label that training did not see counts as missing; map labels "
            + $"with the pipeline that trained the model), {unscored} have a value in column '{valueColumn}' that is no number (replace missing feature values "
            + "with Transforms.ReplaceMissingValues before scoring).";

    private const string Remedy = "Map the label with the pipeline that trained the model, so that both number the "
        + "classes alike.";
}
