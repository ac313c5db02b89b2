using System.Diagnostics;
using Microsoft.ML;

namespace MLNet.Sngp.Stress.Scenarios;

/// <summary>One transformer, scored by sixteen threads through cursors, cursor sets and an engine each: equal bits, and memory that does not grow.</summary>
internal static class Threads
{
    private const int Count = 16;
    private const int Rows = 3000;
    private const long AllowedManaged = 4 << 20;
    private const long AllowedResident = 24 << 20;

    public static string Run(string[] arguments)
    {
        var ml = new MLContext(seed: 1);
        using var model = Clusters.Train(ml, units: 64, randomFeatures: 128);
        var table = ml.Data.LoadFromEnumerable(Clusters.Rows(Rows, seed: 7));
        var expected = Bits.OfTable(model.Transform(table));
        var seconds = Scenario.Rounds(120);
        // A first part warms up what is made once: threads, arenas, compiled code.
        var passes = Score(model, table, expected, TimeSpan.FromSeconds(Math.Max(2, seconds / 4)));
        var (managed, resident) = (ProcessMemory.Managed(), ProcessMemory.Resident());
        passes += Score(model, table, expected, TimeSpan.FromSeconds(Math.Max(2, seconds * 3 / 4)));
        var (managedGrowth, residentGrowth) = (ProcessMemory.Managed() - managed, ProcessMemory.Resident() - resident);
        var figures = FormattableString.Invariant($"{Count} threads, {passes} passes over {Rows} rows, all bits equal, memory after warm-up {resident / ProcessMemory.Megabyte:F0} MB, growth {managedGrowth / ProcessMemory.Megabyte:F2} MB managed and {residentGrowth / ProcessMemory.Megabyte:F1} MB resident:");
        Scenario.Require(managedGrowth < AllowedManaged && residentGrowth < AllowedResident, figures);
        return figures;
    }

    private static long Score(SngpTransformer model, IDataView table, List<int[]> expected, TimeSpan time)
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

    private static void Pass(SngpTransformer model, IDataView table, List<int[]> expected, int thread)
    {
        switch (thread % 3)
        {
            case 0: Check(expected, Bits.OfTable(model.Transform(table))); break;
            case 1: Check(expected, Bits.OfSet(model.Transform(table), 2)); break;
            default: CheckEngine(model, expected); break;
        }
    }

    private static void CheckEngine(SngpTransformer model, List<int[]> expected)
    {
        using var engine = new MLContext().Model.CreatePredictionEngine<Clusters.Row, Clusters.Prediction>(model, new PredictionEngineOptions { OwnsTransformer = false });
        var rows = Clusters.Rows(Rows, seed: 7);
        var prediction = new Clusters.Prediction();
        for (var i = 0; i < rows.Length; i++)
        {
            engine.Predict(rows[i], ref prediction);
            Check(Bits.WithoutLogits(expected[i], prediction.Score.Length), Bits.Of(prediction), i);
        }
    }

    private static void Check(List<int[]> expected, List<int[]> actual)
    {
        Scenario.Require(expected.Count == actual.Count, $"{actual.Count} rows instead of {expected.Count}.");
        for (var i = 0; i < expected.Count; i++)
            Check(expected[i], actual[i], i);
    }

    private static void Check(int[] expected, int[] actual, int row) =>
        Scenario.Require(expected.AsSpan().SequenceEqual(actual), $"Row {row} has the bits {string.Join(' ', actual)} instead of {string.Join(' ', expected)}.");

    public static void OnThreads(int count, Action<int> work) =>
        Task.WaitAll(Enumerable.Range(0, count).Select(thread => Task.Factory.StartNew(() => work(thread), TaskCreationOptions.LongRunning)));
}
