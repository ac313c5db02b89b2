using System.Collections.Concurrent;
using Microsoft.ML;

namespace MLNet.Sngp.Stress.Serving;

/// <summary>Prediction engines over one transformer. An engine is for one thread at a time: take one, predict, give it back.</summary>
internal sealed class EnginePool<TRow, TPrediction>(MLContext context, ITransformer model) : IDisposable
    where TRow : class
    where TPrediction : class, new()
{
    private readonly ConcurrentBag<PredictionEngine<TRow, TPrediction>> _engines = [];

    public TPrediction Predict(TRow row)
    {
        if (!_engines.TryTake(out var engine))
            engine = context.Model.CreatePredictionEngine<TRow, TPrediction>(
                model, new PredictionEngineOptions { OwnsTransformer = false });
        try
        {
            return engine.Predict(row);
        }
        finally
        {
            _engines.Add(engine);
        }
    }

    public void Dispose()
    {
        while (_engines.TryTake(out var engine))
            engine.Dispose();
    }
}
