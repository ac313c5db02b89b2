using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Text;

/// <summary>Finds the column of texts and says what is wrong with it before any row is read.</summary>
internal static class TextColumn
{
    /// <exception cref="ArgumentOutOfRangeException">There is no such column, or it is not of texts.</exception>
    public static void Check(ColumnShapes columns, string name)
    {
        var shape = columns.Find("text", name, "Name the column of texts as the second argument of EmbedSentences.");
        if (shape.IsVector || shape.IsKey || !shape.ItemType.Equals(TextDataViewType.Instance))
            throw new ArgumentOutOfRangeException("input",
                $"The text column '{name}' is {shape}; it must be one text a row. Load it as DataKind.String, or as a property of type "
                + "string.");
    }

    /// <inheritdoc cref="Check"/>
    public static DataViewSchema.Column Find(DataViewSchema schema, string name)
    {
        Check(ColumnShapes.Of(schema), name);
        return schema[name];
    }
}
