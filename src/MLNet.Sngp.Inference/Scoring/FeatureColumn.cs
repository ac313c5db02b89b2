using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>Finds the feature column of a table and says what is wrong with it before any row is read.</summary>
internal static class FeatureColumn
{
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it is not a vector of that many single-precision
    /// numbers.</exception>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name, int numberOfFeatures)
    {
        if (schema.GetColumnOrNull(name) is not { } column)
            throw Missing(name, ColumnShapes.Of(schema));
        if (column.Type is not VectorDataViewType vector || !vector.ItemType.Equals(NumberDataViewType.Single))
            throw WrongType(name, column.Type.ToString()!);
        if (!vector.IsKnownSize)
            throw VariableLength(name);
        if (vector.Size != numberOfFeatures)
            throw new ArgumentOutOfRangeException(nameof(schema), string.Create(CultureInfo.InvariantCulture,
                $"Feature column '{name}' has {vector.Size} elements and the model was trained on {numberOfFeatures}. Build the column as "
                + $"it was built for training."));
        return column;
    }

    private static ArgumentOutOfRangeException Missing(string name, ColumnShapes columns) =>
        MissingColumn.Of("feature", name, columns.Names, $"Add it to the pipeline with Concatenate(\"{name}\", …), as for training.");

    private static ArgumentOutOfRangeException WrongType(string name, string type) => new("schema",
        $"Feature column '{name}' is of type {type}; it must be a vector of Single. Build the column as it was built for training.");

    private static ArgumentOutOfRangeException VariableLength(string name) => new("schema",
        $"Feature column '{name}' is a vector of variable length; its length must be known. Declare the length where the data is loaded, "
        + "with [VectorType(n)] or in the text loader.");
}
