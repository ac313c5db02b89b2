using Microsoft.ML;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Contracts;

/// <summary>What ML.NET expects of every transformer that maps rows.</summary>
internal static class TransformerContract
{
    public static void Check(ITransformer transformer, IDataView input, int rows)
    {
        var output = transformer.Transform(input);
        CollectionAssert.AreEqual(
            DataViewReader.Describe(output.Schema), DataViewReader.Describe(transformer.GetOutputSchema(input.Schema)));
        DataViewContract.Check(output, rows);
        Assert.IsTrue(transformer.IsRowToRowMapper);
        CheckMapper(transformer, input, output);
    }

    /// <summary>The columns that an estimator promises are those that its transformer gives.</summary>
    public static void CheckPromise(SchemaShape promised, DataViewSchema given)
    {
        var columns = given.Where(column => !column.IsHidden).ToDictionary(column => column.Name);
        CollectionAssert.AreEquivalent(columns.Keys, promised.Select(column => column.Name).ToList());
        foreach (var column in promised)
            Assert.AreEqual(Shape(columns[column.Name]), Shape(column), $"Column {column.Name}");
    }

    private static void CheckMapper(ITransformer transformer, IDataView input, IDataView output)
    {
        var mapper = transformer.GetRowToRowMapper(input.Schema);
        CollectionAssert.AreEqual(DataViewReader.Describe(output.Schema), DataViewReader.Describe(mapper.OutputSchema));
        var added = mapper.OutputSchema.Where(column => !column.IsHidden).ToList();
        using var expected = output.GetRowCursor(output.Schema);
        using var source = input.GetRowCursor(mapper.GetDependencies(added));
        var row = mapper.GetRow(source, added);
        var values = added.ConvertAll(column => DataViewReader.Value(row, column));
        var references = added.ConvertAll(column => DataViewReader.Value(expected, output.Schema[column.Index]));
        while (source.MoveNext())
        {
            Assert.IsTrue(expected.MoveNext());
            Assert.AreEqual(source.Position, row.Position);
            for (var i = 0; i < added.Count; i++)
                AssertSame(references[i](), values[i](), added[i].Name);
        }
        Assert.IsFalse(expected.MoveNext());
        row.Dispose();
    }

    // A batch of one may be rounded otherwise in the last digits.
    internal static void AssertSame(string expected, string actual, string column)
    {
        if (expected == actual)
            return;
        var (left, right) = (Numbers(expected), Numbers(actual));
        Assert.HasCount(left.Count, right, column);
        for (var i = 0; i < left.Count; i++)
            Assert.AreEqual(left[i], right[i], 1e-5 * Math.Max(1, Math.Abs(left[i])), column);
    }

    private static List<double> Numbers(string text) =>
        [.. text.Trim('[', ']').Split(',').Select(number => double.Parse(number, System.Globalization.CultureInfo.InvariantCulture))];

    private static string Shape(DataViewSchema.Column column)
    {
        var vector = column.Type as Microsoft.ML.Data.VectorDataViewType;
        var item = (Microsoft.ML.Data.DataViewType?)vector?.ItemType ?? column.Type;
        var kind = vector == null ? "Scalar" : vector.IsKnownSize ? "Vector" : "VariableVector";
        return $"{kind} {item.RawType} {item is Microsoft.ML.Data.KeyDataViewType} "
            + $"[{string.Join(", ", column.Annotations.Schema.Select(Shape).Order())}]{Name(column.Name)}";
    }

    private static string Shape(SchemaShape.Column column) =>
        $"{column.Kind} {column.ItemType.RawType} {column.IsKey} "
        + $"[{string.Join(", ", column.Annotations.Select(Shape).Order())}]{Name(column.Name)}";

    private static string Name(string name) => " " + name;
}
