using System.Diagnostics;

namespace MLNet.Sngp.Benchmarks.Measuring;

/// <summary>Times a piece of work that is done over and over.</summary>
internal static class Repeated
{
    private const int FewestRuns = 5;

    /// <summary>The median seconds of a run, after half of <paramref name="seconds"/> to warm up; at least 5 runs, for at least so
    /// long.</summary>
    public static double MedianSeconds(Action work, double seconds)
    {
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed.TotalSeconds < seconds / 2)
            work();
        var runs = new List<double>();
        clock.Restart();
        while (runs.Count < FewestRuns || clock.Elapsed.TotalSeconds < seconds)
            runs.Add(Seconds(work));
        return Statistics.Median(runs);
    }

    public static double Seconds(Action work)
    {
        var clock = Stopwatch.StartNew();
        work();
        return clock.Elapsed.TotalSeconds;
    }
}
