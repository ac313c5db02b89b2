using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Pipelines;

namespace MLNet.Sngp.Persistence;

/// <summary>Loads a zip file of ML.NET and puts our batching transformers back where <see cref="RowwiseChain"/> stands for them.</summary>
internal sealed class BatchingLoader
{
    private readonly SngpCatalog _catalog;
    private readonly Queue<byte[]> _models;
    private readonly IReadOnlyList<byte[]> _files;

    private BatchingLoader(SngpCatalog catalog, IEnumerable<byte[]> models, IReadOnlyList<byte[]> files) =>
        (_catalog, _models, _files) = (catalog, new Queue<byte[]>(models), files);

    /// <exception cref="ModelFormatException">The file is foreign or damaged.</exception>
    public static ITransformer Load(SngpCatalog catalog, MLContext context, Stream stream, out DataViewSchema inputSchema)
    {
        var files = ModelArchive.ReadOnnxModels(stream);
        var models = files.Select(RowwiseGraph.TryRestore).OfType<byte[]>().ToList();
        // ML.NET would run these graphs as well, so they are checked first.
        models.ForEach(model => _ = new UncertaintyModel(model));
        stream.Position = 0;
        var loaded = LoadPlain(context, stream, out inputSchema);
        if (CountOurs(loaded) != models.Count || (models.Count == 0 && !BatchingForm.IsIn(loaded)))
        {
            catalog.Warn(nameof(SngpCatalog.Load), models.Count == 0
                ? "The file holds no model of MLNet.Sngp; it is loaded as mlContext.Model.Load loads it."
                : "The models of MLNet.Sngp in the file cannot be told apart; it is loaded as mlContext.Model.Load loads it and scores row "
                + "by row.");
            return loaded;
        }
        try
        {
            return new BatchingLoader(catalog, models, files).Replace(loaded);
        }
        catch
        {
            (loaded as IDisposable)?.Dispose();
            throw;
        }
    }

    private static ITransformer LoadPlain(MLContext context, Stream stream, out DataViewSchema inputSchema)
    {
        try
        {
            return context.Model.Load(stream, out inputSchema);
        }
        // Out of memory is among them: a damaged file can ask for any amount.
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            throw new ModelFormatException(
                $"ML.NET cannot load the file ({exception.Message}). Give a file that mlContext.Model.Save wrote, whole and unchanged, "
                + "and reference the packages whose transformers are in it.", exception);
        }
    }

    private static int CountOurs(ITransformer transformer) => transformer is not TransformerChain<ITransformer> chain ? 0
        : RowwiseChain.IsOne(chain) ? 1
        : chain.Sum(CountOurs);

    // ML.NET writes and reads the members of chains in order, and so the models come in order.
    private ITransformer Replace(ITransformer transformer)
    {
        if (transformer is not TransformerChain<ITransformer> chain)
            return transformer;
        if (RowwiseChain.IsOne(chain))
        {
            var batching = _catalog.Create(_models.Dequeue());
            chain.Dispose();
            return batching;
        }
        if (BatchingForm.TryFind(chain) is { } form)
        {
            var batching = form.Restore(chain, _files);
            chain.Dispose();
            return batching;
        }
        if (CountOurs(chain) == 0 && !BatchingForm.IsIn(chain))
            return chain;
        return new TransformerChain<ITransformer>([.. chain.Select(Replace)], FittedChain.ScopesOf(chain));
    }
}
