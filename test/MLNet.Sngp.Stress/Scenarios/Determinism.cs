using System.Security.Cryptography;
using Microsoft.ML;

namespace MLNet.Sngp.Stress.Scenarios;

/// <summary>What is the same bit for bit: training again, in another process, with other numbers of threads; scoring in batches of other
/// sizes.</summary>
internal static class Determinism
{
    private const int Rows = 1000;

    public static string Run(string[] arguments)
    {
        var alone = Hash("2", 2);
        Scenario.Require(
            alone.Distinct().Count() == 1, $"Two processes with two threads each trained different models: {string.Join(", ", alone)}.");
        var one = Hash("1", 2);
        Scenario.Require(
            one.Distinct().Count() == 1, $"Two processes with one thread each trained different models: {string.Join(", ", one)}.");
        var ml = new MLContext(seed: 1);
        using var model = Clusters.Train(ml, units: 128, randomFeatures: 1024, epochs: 2);
        var same = alone[0] == one[0] ? "the same" : "another";
        return $"{Compare(ml, model)}; one thread of libtorch instead of two gives {same} model:";
    }

    /// <summary>Worker: prints the hash of a model's bytes.</summary>
    public static string Train(string[] arguments)
    {
        using var model = Clusters.Train(new MLContext(seed: 1), units: 128, randomFeatures: 1024, epochs: 4, rows: 1000);
        return Convert.ToHexString(SHA256.HashData(model.Model.Onnx.Span));
    }

    private static string[] Hash(string threads, int times) => [.. Enumerable.Range(0, times).Select(_ =>
    {
        var (status, output) =
            ChildProcess.Run(new() { ["OMP_NUM_THREADS"] = threads, ["OPENBLAS_NUM_THREADS"] = threads }, "train-worker");
        Scenario.Require(status == 0, output);
        return output.Split(' ')[1];
    })];

    private static string Compare(MLContext ml, SngpTransformer model)
    {
        var rows = Clusters.Rows(Rows, seed: 7);
        var expected = Bits.OfTable(model.Transform(ml.Data.LoadFromEnumerable(rows)));
        var classes = model.Model.NumberOfClasses;
        using var engine = ml.Model.CreatePredictionEngine<Clusters.Row, Clusters.Prediction>(model,
            new PredictionEngineOptions { OwnsTransformer = false });
        var differs = Enumerable.Range(0, Rows)
            .Count(i => !Bits.Of(engine.Predict(rows[i])).AsSpan().SequenceEqual(Bits.WithoutLogits(expected[i], classes)));
        var sizes = (int[])[1, 2, 3, 5, 8, 17, 63, 64, 65, 1000];
        var differsBySize = Array.ConvertAll(sizes, size => rows.Chunk(size)
            .SelectMany(chunk => Bits.OfTable(model.Transform(ml.Data.LoadFromEnumerable(chunk))))
            .Zip(expected).Count(pair => !pair.First.AsSpan().SequenceEqual(pair.Second)));
        Scenario.Require(
            differsBySize.All(count => count == 0), $"Rows differ between tables of different sizes: {string.Join(' ', differsBySize)}.");
        return $"rows that differ from the table's: {differs} of {Rows} one by one; in tables of "
            + $"{string.Join(", ", sizes.Zip(differsBySize).Select(pair => $"{pair.First}: {pair.Second}"))}";
    }
}
