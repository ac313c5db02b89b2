using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Stress.Scenarios;

/// <summary>A transformer is disposed while others score: each of them ends with <see cref="ObjectDisposedException"/>, none with a
/// crash.</summary>
internal static class Disposal
{
    private const int Threads = 8;

    public static string Run(string[] arguments)
    {
        var ml = new MLContext(seed: 1);
        using var trained = Clusters.Train(ml);
        var bytes = trained.Model.Onnx.ToArray();
        var table = ml.Data.LoadFromEnumerable(Clusters.Rows(20_000, seed: 7));
        var random = new Random(1);
        var rounds = Scenario.Rounds(100);
        for (var round = 0; round < rounds; round++)
            Round(ml, bytes, table, random.Next(0, 20));
        return $"{rounds} times disposed by two threads while {Threads} scored, each ended with {nameof(ObjectDisposedException)}:";
    }

    private static void Round(MLContext ml, byte[] bytes, IDataView table, int milliseconds)
    {
        var transformer = ml.Sngp().LoadOnnx(new MemoryStream(bytes));
        using var started = new CountdownEvent(Threads);
        var work = Task.Run(() => Scenarios.Threads.OnThreads(Threads, thread => Score(transformer, table, thread, started)));
        started.Wait();
        Thread.Sleep(milliseconds);
        Scenarios.Threads.OnThreads(2, _ => transformer.Dispose());
        work.Wait();
    }

    private static void Score(SngpTransformer transformer, IDataView table, int thread, CountdownEvent started)
    {
        var isSignalled = false;
        try
        {
            while (true)
            {
                if (thread % 2 == 0)
                    foreach (var _ in transformer.Transform(table).GetColumn<float>("Variance"))
                        Signal();
                else
                    Predict(transformer, Signal);
            }
        }
        catch (ObjectDisposedException)
        {
        }
        finally
        {
            Signal();
        }

        void Signal()
        {
            if (!isSignalled)
                started.Signal();
            isSignalled = true;
        }
    }

    private static void Predict(SngpTransformer transformer, Action signal)
    {
        using var engine = new MLContext().Model.CreatePredictionEngine<Clusters.Row, Clusters.Prediction>(transformer,
            new PredictionEngineOptions { OwnsTransformer = false });
        foreach (var row in Clusters.Rows(1000))
        {
            engine.Predict(row);
            signal();
        }
    }
}
