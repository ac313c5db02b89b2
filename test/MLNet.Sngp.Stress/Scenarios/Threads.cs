using System.Diagnostics;
using Microsoft.ML;

namespace MLNet.Sngp.Stress.Scenarios;

/// <summary>One transformer, scored by sixteen threads through cursors, cursor sets and an engine each: equal bits, and memory that does
/// not grow.</summary>
internal static class Threads
{
    private const int Count = 16;
    private const int Rows = 3000;
    private const int Parts = 4;

    // Threads come and go, and each brings an arena of the allocator with it.
    private const long AllowedResident = 24 << 20;

    public static string Run(string[] arguments)
    {
        var ml = new MLContext(seed: 1);
        using var model = Clusters.Train(ml, units: 64, randomFeatures: 128);
        var table = ml.Data.LoadFromEnumerable(Clusters.Rows(Rows, seed: 7));
        var expected = (Bits.OfTable(model.Transform(table)), OfEngine(model));
        var seconds = Scenario.Rounds(90);
        var figures = new List<(long Count, long Managed, long Resident)>();
        long passes = 0;
        for (var part = 0; part < Parts; part++)
        {
            passes += Score(model, table, expected, TimeSpan.FromSeconds(Math.Max(1.0, (double)seconds / Parts)));
            figures.Add((passes, ProcessMemory.Managed(), ProcessMemory.Resident()));
        }
        return $"{Count} threads, all bits equal, " + FlatMemory.Judge($"passes over {Rows} rows", figures, AllowedResident);
    }

    private static long Score(SngpTransformer model, IDataView table, (List<int[]> Table, List<int[]> Engine) expected, TimeSpan time)
    {
        var end = Stopwatch.GetTimestamp() + (long)(time.TotalSeconds * Stopwatch.Frequency);
        long passes = 0;
        OnThreads(Count, thread =>
        {
            while (Stopwatch.GetTimestamp() < end)
            {
                Pass(model, table, expected, thread);
                Interlocked.Increment(ref passes);
            }
        });
        return passes;
    }

    private static void Pass(SngpTransformer model, IDataView table, (List<int[]> Table, List<int[]> Engine) expected, int thread)
    {
        switch (thread % 3)
        {
            case 0: Check(expected.Table, Bits.OfTable(model.Transform(table))); break;
            case 1: Check(expected.Table, Bits.OfSet(model.Transform(table), 2)); break;
            default: Check(expected.Engine, OfEngine(model)); break;
        }
    }

    private static List<int[]> OfEngine(SngpTransformer model)
    {
        using var engine = new MLContext().Model.CreatePredictionEngine<Clusters.Row, Clusters.Prediction>(model,
            new PredictionEngineOptions { OwnsTransformer = false });
        return [.. Clusters.Rows(Rows, seed: 7).Select(row => Bits.Of(engine.Predict(row)))];
    }

    private static void Check(List<int[]> expected, List<int[]> actual)
    {
        Scenario.Require(expected.Count == actual.Count, $"{actual.Count} rows instead of {expected.Count}.");
        for (var i = 0; i < expected.Count; i++)
            Check(expected[i], actual[i], i);
    }

    private static void Check(int[] expected, int[] actual, int row) =>
        Scenario.Require(expected.AsSpan().SequenceEqual(actual),
            $"Row {row} has the bits {string.Join(' ', actual)} instead of {string.Join(' ', expected)}.");

    public static void OnThreads(int count, Action<int> work) =>
        Task.WaitAll(
            Enumerable.Range(0, count).Select(thread => Task.Factory.StartNew(() => work(thread), TaskCreationOptions.LongRunning)));
}
