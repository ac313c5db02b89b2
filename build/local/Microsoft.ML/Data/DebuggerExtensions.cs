using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public static class DebuggerExtensions
{
    public static DataDebuggerPreview Preview(this IDataView data, int maxRows = 100) => new(data, maxRows);

    public static DataDebuggerPreview Preview(this ITransformer transformer, IDataView data, int maxRows = 100)
        => new(transformer.Transform(data), maxRows);

    public static DataDebuggerPreview Preview(this IEstimator<ITransformer> estimator, IDataView data, int maxRows = 100, int maxTrainingRows = 100)
    {
        Contracts.CheckValue(estimator, nameof(estimator));
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckParam(maxTrainingRows >= 0, nameof(maxTrainingRows));
        var training = new SkipTakeDataView(new HostEnvironment(null), data, 0, maxTrainingRows);
        return new DataDebuggerPreview(estimator.Fit(training).Transform(data), maxRows);
    }

    public static DataDebuggerPreview Preview<TSource>(this IDataLoader<TSource> loader, TSource source, int maxRows = 100)
        => new(loader.Load(source), maxRows);
}
