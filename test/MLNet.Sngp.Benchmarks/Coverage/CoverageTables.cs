using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Benchmarks.Coverage;

/// <summary>One line of a table.</summary>
/// <param name="Table">The table.</param>
/// <param name="Task">The task.</param>
/// <param name="What">The setting.</param>
/// <param name="Rows">The number of validation rows.</param>
/// <param name="Asked">The rate that was asked for.</param>
/// <param name="Got">The rate on fresh rows, over all draws.</param>
/// <param name="Band">How far <paramref name="Got"/> may miss <paramref name="Asked"/> by chance, 99 in 100 times.</param>
/// <param name="Holds">Whether it keeps to what was asked, within the band.</param>
/// <param name="More">What else there is to say.</param>
internal sealed record CoverageLine(
    string Table, string Task, string What, int Rows, double Asked, double Got, double Band, bool Holds, string More)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"| {Task} | {What} | {Rows} | {Asked:0.###} | {Got:0.0000} | {Band:0.0000} | {(Holds ? "yes" : "NO")} | {More} |");
}

/// <summary>Measures rates on fresh rows over many draws of the validation rows, with one model for each task.</summary>
internal sealed class CoverageTables(MLContext ml, MixtureTask task, SngpTransformer model)
{
    // 99 in 100 of a normal distribution.
    private const double Deviations = 2.58;
    private const int FreshRows = 1000;

    private readonly MixtureTask.Row[] _pool = task.Draw(10_000, seed: 2);

    /// <summary>How often ordinary rows are novel, and how often far ones are.</summary>
    public CoverageLine Novelty(int rows, double rate, int seeds, string[]? columns)
    {
        var (novel, between, beyond, far) = (0.0, 0.0, 0.0, 0.0);
        for (var seed = 0; seed < seeds; seed++)
        {
            using var watching = ml.Sngp().Novelty(rate, columns).Fit(Validation(rows, seed));
            novel += Share<bool>(watching, Fresh(seed), "IsNovel", isNovel => isNovel) / seeds;
            between += Share<bool>(watching, task.Strange(0, 200, 4_000 + seed), "IsNovel", isNovel => isNovel) / seeds;
            beyond += Share<bool>(watching, task.Strange(task.Radius + 4, 200, 6_000 + seed), "IsNovel", isNovel => isNovel) / seeds;
            far += Share<bool>(watching, task.Far(200, 5_000 + seed), "IsNovel", isNovel => isNovel) / seeds;
        }
        var band = Band(rate, rows, seeds);
        return new CoverageLine(
            "novelty", task.Name, columns is null ? "variance and uncertainty" : string.Join(", ", columns), rows, rate, novel,
            band, novel <= rate + band, string.Create(CultureInfo.InvariantCulture,
            $"novel: between the classes {between:0.000}, 4 beyond {beyond:0.000}, far {far:0.000}"));
    }

    /// <summary>How often the true class is in the set: over all rows, or in the class where it is least.</summary>
    public CoverageLine Sets(int rows, double coverage, int seeds, bool perClass)
    {
        var (covered, counts, size, far) = (new double[task.Classes], new double[task.Classes], 0.0, 0.0);
        for (var seed = 0; seed < seeds; seed++)
        {
            using var sets = ml.Sngp().ConformalSets(coverage, perClass).Fit(Validation(rows, seed));
            var fresh = Fresh(seed);
            var scored = sets.Transform(task.Load(ml, fresh));
            foreach (var (row, set) in fresh.Zip(scored.GetColumn<bool[]>("PredictionSet")))
            {
                counts[row.Label]++;
                covered[row.Label] += set[row.Label] ? 1 : 0;
                size += set.Count(isIn => isIn) / (double)(seeds * fresh.Length);
            }
            far += sets.Transform(task.Load(ml, task.Far(200, 5_000 + seed))).GetColumn<float>("SetSize").Average() / seeds;
        }
        var got = perClass ? covered.Zip(counts, (part, all) => part / all).Min() : covered.Sum() / counts.Sum();
        // Of K classes the least is looked at.
        var band = perClass ? Band(coverage, rows / task.Classes, seeds, FreshRows / task.Classes) * 1.3 : Band(coverage, rows, seeds);
        return new CoverageLine("sets", task.Name, perClass ? "the class with the least" : "all classes", rows, coverage, got, band,
            got >= coverage - band, string.Create(CultureInfo.InvariantCulture, $"mean size {size:0.00}, of far rows {far:0.00}"));
    }

    /// <summary>How often ordinary rows pass as decided.</summary>
    public CoverageLine MinimumCoverage(int rows, double coverage, int seeds)
    {
        var passed = 0.0;
        for (var seed = 0; seed < seeds; seed++)
        {
            using var deciding = ml.Sngp().Decide(new DecisionOptions { MinimumCoverage = coverage, FalseAlarmRate = 0 })
                .Fit(Validation(rows, seed));
            passed += Share<bool>(deciding, Fresh(seed), "Defer", defer => !defer) / seeds;
        }
        var band = Band(coverage, rows, seeds);
        return new CoverageLine("minimum coverage", task.Name, "Decide", rows, coverage, passed, band, passed >= coverage - band, "");
    }

    /// <summary>In which share of draws answered rows have a larger error rate than asked.</summary>
    public CoverageLine Risk(int rows, double risk, double confidence, int draws)
    {
        var (exceeded, refused, coverage, worst) = (0, 0, 0.0, 0.0);
        double[] errors = [.. _pool.Zip(model.Transform(task.Load(ml, _pool)).GetColumn<uint>("PredictedLabel"))
            .Select(row => task.ErrorProbability(row.First, (int)row.Second - 1))];
        for (var draw = 0; draw < draws; draw++)
        {
            SngpTransformer deciding;
            try
            {
                deciding = ml.Sngp().Decide(risk, confidence).Fit(Validation(rows, draw));
            }
            catch (InvalidOperationException)
            {
                refused++;
                continue;
            }
            using (deciding)
            {
                List<double> answered = [.. deciding.Transform(task.Load(ml, _pool)).GetColumn<bool>("Defer").Zip(errors)
                    .Where(row => !row.First).Select(row => row.Second)];
                exceeded += answered.DefaultIfEmpty().Average() > risk ? 1 : 0;
                worst = Math.Max(worst, answered.DefaultIfEmpty().Average());
                coverage += answered.Count / (double)_pool.Length;
            }
        }
        var most = 1 - confidence;
        var band = Deviations * Math.Sqrt(most * (1 - most) / draws);
        return new CoverageLine(
            "risk", task.Name, string.Create(CultureInfo.InvariantCulture, $"risk {risk}"), rows, most, (double)exceeded / draws,
            band, (double)exceeded / draws <= most + band, string.Create(CultureInfo.InvariantCulture,
                $"answered {coverage / Math.Max(1, draws - refused):0.00}, worst risk {worst:0.000}, no threshold in "
                + $"{(double)refused / draws:0.00}"));
    }

    /// <summary>The least share, over draws, of rows 8 to 48 units outside that are handed over.</summary>
    public CoverageLine Far(int rows, string what, DecisionOptions options, int seeds)
    {
        var (least, mean, fits) = (1.0, 0.0, 0);
        for (var seed = 0; seed < seeds; seed++)
        {
            SngpTransformer deciding;
            try
            {
                deciding = ml.Sngp().Decide(options).Fit(Validation(rows, seed));
            }
            catch (InvalidOperationException)
            {
                continue;
            }
            using (deciding)
            {
                var share = Share<bool>(deciding, task.Far(500, 5_000 + seed), "Defer", defer => defer);
                (least, mean, fits) = (Math.Min(least, share), mean + share, fits + 1);
            }
        }
        return new CoverageLine(
            "far rows", task.Name, what, rows, 0.99, least, 0, least >= 0.99, string.Create(CultureInfo.InvariantCulture,
            $"mean {mean / Math.Max(1, fits):0.0000} of {fits} draws"));
    }

    private IDataView Validation(int rows, int seed) => model.Transform(task.Load(ml, task.Draw(rows, 1_000_000 + seed)));

    private MixtureTask.Row[] Fresh(int seed) => task.Draw(FreshRows, 2_000_000 + seed);

    private double Share<T>(SngpTransformer transformer, MixtureTask.Row[] rows, string column, Func<T, bool> isCounted) =>
        transformer.Transform(task.Load(ml, rows)).GetColumn<T>(column).Count(isCounted) / (double)rows.Length;

    // The rate of a draw scatters around what was asked by √(rate(1 − rate)/rows), that of fresh rows around it as well.
    private static double Band(double rate, int rows, int seeds, int fresh = FreshRows) =>
        Deviations * Math.Sqrt(rate * (1 - rate) * ((1.0 / rows) + (1.0 / fresh)) / seeds);
}
