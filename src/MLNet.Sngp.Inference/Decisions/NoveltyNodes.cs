using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Decisions;

/// <summary>Chooses and fits the scores of novelty, and adds them to a graph.</summary>
internal static class NoveltyNodes
{
    /// <summary>What novelty is looked for in, where nothing else is said: how far a row lies from the training rows, and how undecided the
    /// model is, which sees what the variance does not.</summary>
    private static readonly string[] Usual = [ColumnNames.Variance, ColumnNames.EnsembleVariance, ColumnNames.Uncertainty];

    /// <summary>The columns to take of a model.</summary>
    /// <exception cref="ArgumentException">The model has no such column of numbers.</exception>
    public static IReadOnlyList<string> Columns(UncertaintyModel model, IReadOnlyList<string>? names, string role = "novelty")
    {
        List<string> numbers = [.. model.Outputs.Where(output => output.Kind == ColumnKind.Single).Select(output => output.Name)];
        if (names is null)
            return [.. Usual.Where(numbers.Contains).DefaultIfEmpty(numbers.LastOrDefault() ?? "")];
        var missing = names.FirstOrDefault(name => !numbers.Contains(name));
        return missing is null
            ? names
            : throw MissingColumn.Of(role, missing, numbers, "Pass the name of a column of numbers that the model gives.");
    }

    /// <summary>Fits tables to scores; of the usual scores the first ones, where the rows do not suffice for all.</summary>
    /// <param name="columns">The columns of the scores.</param>
    /// <param name="rows">For each row the scores, all finite.</param>
    /// <param name="rate">The false-alarm rate; null for 0.01, or more where the rows do not suffice for that.</param>
    /// <param name="isFixed">Whether all of the columns must be taken.</param>
    /// <exception cref="InvalidOperationException">There are too few rows.</exception>
    public static (IReadOnlyList<NoveltyTable> Tables, double Rate) Fit(
        IReadOnlyList<string> columns, List<float[]> rows, double? rate, bool isFixed)
    {
        var least = (isFixed ? columns.Count : 1) / (rows.Count + 1.0);
        if (rows.Count == 0 || (rate is { } given && given < least))
            throw TooFew(rows.Count, isFixed ? columns.Count : 1, rate ?? NoveltyStep.DefaultRate);
        var chosen = rate ?? Math.Max(NoveltyStep.DefaultRate, least);
        var count = isFixed ? columns.Count : Math.Clamp((int)Math.Floor((chosen * (rows.Count + 1)) + 1e-9), 1, columns.Count);
        float[][] scores = [.. Enumerable.Range(0, count).Select(j => rows.Select(row => row[j]).ToArray())];
        return (NoveltyTable.Fit([.. columns.Take(count)], scores, chosen), chosen);
    }

    /// <summary>The largest p-value of a novel row: one that occurs, so that no rounding decides.</summary>
    public static float Limit(IReadOnlyList<NoveltyTable> tables, double rate) =>
        tables.SelectMany(table => table.PValues).Where(p => p <= (float)rate).DefaultIfEmpty(0).Max();

    /// <summary>Adds the p-value of a row, shape [N, 1]. NaN is above all thresholds.</summary>
    public static string Add(ModelExtension extension, string prefix, string output, IReadOnlyList<NoveltyTable> tables)
    {
        var each = tables.Select((table, j) =>
        {
            var name = $"{prefix}/{table.ColumnName}";
            var thresholds = extension.Graph.Constant(name + "/thresholds", table.Thresholds, 1, table.Thresholds.Length);
            var atLeast = extension.Node("GreaterOrEqual", name + "/is_at_least",
                [thresholds, extension.Number(prefix, table.ColumnName)]);
            var index = extension.Node("Cast", name + "/index", [extension.Count(atLeast, name + "/count")],
                OnnxAttribute.Of("to", (long)TensorProto.Types.DataType.Int64));
            return extension.Node("Gather", name + "/p",
                [extension.Graph.Constant(name + "/table", table.PValues, table.PValues.Length), index], OnnxAttribute.Of("axis", 0L));
        });
        return extension.Node("Min", output, [.. each]);
    }

    private static InvalidOperationException TooFew(int rows, int scores, double rate) => new(string.Create(
        System.Globalization.CultureInfo.InvariantCulture,
        $"{rows} validation rows cannot tell {rate:0.#####} of the rows as novel: the least p-value is {scores}/{rows + 1}. Give at least "
        + $"{Math.Ceiling((scores / rate) - 1 - 1e-9):0} rows that training did not see, or a false-alarm rate of "
        + $"{Math.Ceiling(1e4 * scores / (rows + 1)) / 1e4} or more{(scores > 1 ? ", or a single score column" : "")}."));
}
