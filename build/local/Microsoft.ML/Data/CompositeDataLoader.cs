using System;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

internal static class CompositeDirectories
{
    public const string Loader = "Loader";
    public const string Transformer = "TransformerChain";
}

/// <summary>A loader followed by transformers.</summary>
public sealed class CompositeDataLoader<TSource, TLastTransformer> : IDataLoader<TSource>, IDisposable where TLastTransformer : class, ITransformer
{
    public readonly IDataLoader<TSource> Loader;
    public readonly TransformerChain<TLastTransformer> Transformer;

    public CompositeDataLoader(IDataLoader<TSource> loader, TransformerChain<TLastTransformer> transformerChain = null)
    {
        Contracts.CheckValue(loader, nameof(loader));
        Loader = loader;
        Transformer = transformerChain ?? new TransformerChain<TLastTransformer>();
    }

    public IDataView Load(TSource input) => Transformer.Transform(Loader.Load(input));

    public DataViewSchema GetOutputSchema() => Transformer.GetOutputSchema(Loader.GetOutputSchema());

    public CompositeDataLoader<TSource, TNewLast> AppendTransformer<TNewLast>(TNewLast transformer) where TNewLast : class, ITransformer
    {
        Contracts.CheckValue(transformer, nameof(transformer));
        return new CompositeDataLoader<TSource, TNewLast>(Loader, Transformer.Append(transformer));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.SetLoader(CompositeDataLoaderModel.Signature, typeof(CompositeDataLoaderModel).Assembly);
        ctx.SaveModel(Loader, CompositeDirectories.Loader);
        ctx.SaveModel(Transformer, CompositeDirectories.Transformer);
    }

    public void Dispose() => Transformer.Dispose();
}

[LoadableClass(Signature)]
internal static class CompositeDataLoaderModel
{
    public const string Signature = "CompositeLoader";

    private static object Create(IHostEnvironment env, ModelLoadContext ctx)
        => new CompositeDataLoader<IMultiStreamSource, ITransformer>(
            ctx.LoadModel<IDataLoader<IMultiStreamSource>>(env, CompositeDirectories.Loader),
            ctx.LoadModel<TransformerChain<ITransformer>>(env, CompositeDirectories.Transformer));
}
