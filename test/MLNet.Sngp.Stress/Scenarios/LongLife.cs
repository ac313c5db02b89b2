using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Stress.Scenarios;

/// <summary>Many fits, and many scored rows, in one process: memory stays flat.</summary>
internal static class LongLife
{
    public static string Fits(string[] arguments)
    {
        var fits = Scenario.Rounds(1000);
        int[] stations = [Math.Max(1, fits / 10), Math.Max(1, fits / 2), fits];
        var figures = new List<(long Count, long Managed, long Resident)>();
        for (var fit = 1; fit <= fits; fit++)
        {
            using (var model = Clusters.Train(new MLContext(seed: 1), rows: 200, epochs: 2))
                Scenario.Require(model.Model.NumberOfClasses == 2, "The model has lost a class.");
            if (stations.Contains(fit))
                figures.Add((fit, ProcessMemory.Managed(), ProcessMemory.Resident()));
        }
        return FlatMemory.Judge("fits", figures);
    }

    public static string Rows(string[] arguments)
    {
        var rows = Scenario.Rounds(10_000_000);
        var ml = new MLContext(seed: 1);
        using var model = Clusters.Train(ml);
        var scored = model.Transform(ml.Data.LoadFromEnumerable(Endless(rows)));
        int[] stations = [Math.Max(1, rows / 10), Math.Max(1, rows / 2), rows];
        var figures = new List<(long Count, long Managed, long Resident)>();
        var count = 0;
        using var cursor = scored.GetRowCursor(scored.Schema);
        var score = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        var variance = cursor.GetGetter<float>(scored.Schema["Variance"]);
        VBuffer<float> probabilities = default;
        while (cursor.MoveNext())
        {
            score(ref probabilities);
            var sigma = 0f;
            variance(ref sigma);
            Scenario.Require(sigma >= 0 && probabilities.Length == 2, $"Row {count} has the variance {sigma}.");
            if (stations.Contains(++count))
                figures.Add((count, ProcessMemory.Managed(), ProcessMemory.Resident()));
        }
        Scenario.Require(count == rows, $"{count} rows came instead of {rows}.");
        return FlatMemory.Judge("rows", figures);
    }

    private static IEnumerable<Clusters.Row> Endless(int count)
    {
        var rows = Clusters.Rows(1000, seed: 7);
        for (var i = 0; i < count; i++)
            yield return rows[i % rows.Length];
    }
}
