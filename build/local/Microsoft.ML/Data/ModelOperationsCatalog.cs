using System;
using System.IO;
using System.Linq;
using System.Text;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class ModelOperationsCatalog
{
    private const string SchemaEntry = "Schema";

    public void Save(ITransformer model, DataViewSchema inputSchema, Stream stream)
    {
        Contracts.CheckValue(stream, nameof(stream));
        var repository = NewRepository();
        if (model != null)
            ModelSaveContext.SaveModel(repository, model, CompositeDirectories.Transformer);
        if (inputSchema != null)
        {
            using var writer = new BinaryWriter(repository.CreateEntry(null, SchemaEntry), Encoding.UTF8, leaveOpen: true);
            writer.WriteSchema(inputSchema);
        }
        repository.Commit(stream);
    }

    public void Save(ITransformer model, DataViewSchema inputSchema, string filePath)
    {
        Contracts.CheckNonEmpty(filePath, nameof(filePath));
        using var stream = File.Create(filePath);
        Save(model, inputSchema, stream);
    }

    public void Save<TSource>(ITransformer model, IDataLoader<TSource> loader, Stream stream)
    {
        Contracts.CheckValue(loader, nameof(loader));
        Contracts.CheckValue(stream, nameof(stream));
        var repository = NewRepository();
        var chain = model == null ? null : new TransformerChain<ITransformer>(model);
        ModelSaveContext.SaveModel(repository, new CompositeDataLoader<TSource, ITransformer>(loader, chain), null);
        repository.Commit(stream);
    }

    public void Save<TSource>(ITransformer model, IDataLoader<TSource> loader, string filePath)
    {
        Contracts.CheckValue(loader, nameof(loader));
        Contracts.CheckNonEmpty(filePath, nameof(filePath));
        using var stream = File.Create(filePath);
        Save(model, loader, stream);
    }

    public ITransformer Load(Stream stream, out DataViewSchema inputSchema)
    {
        Contracts.CheckValue(stream, nameof(stream));
        using var repository = new RepositoryReader(stream);
        if (repository.OpenEntryOrNull(null, SchemaEntry) is { } entry)
        {
            inputSchema = ReadSchema(entry);
            return ModelLoadContext.LoadModel<ITransformer>(_env, repository, CompositeDirectories.Transformer);
        }
        if (ModelLoadContext.LoadModelOrNull<IDataLoader<IMultiStreamSource>>(_env, repository, null) is { } loader)
        {
            var transformer = Decompose(ref loader);
            inputSchema = loader.GetOutputSchema();
            return transformer;
        }
        inputSchema = null;
        return ModelLoadContext.LoadModelOrNull<ITransformer>(_env, repository, CompositeDirectories.Transformer)
            ?? throw new InvalidOperationException("Could not load legacy format model");
    }

    public ITransformer Load(string filePath, out DataViewSchema inputSchema)
    {
        Contracts.CheckNonEmpty(filePath, nameof(filePath));
        using var stream = File.OpenRead(filePath);
        return Load(stream, out inputSchema);
    }

    public ITransformer LoadWithDataLoader(Stream stream, out IDataLoader<IMultiStreamSource> loader)
    {
        Contracts.CheckValue(stream, nameof(stream));
        using var repository = new RepositoryReader(stream);
        try
        {
            loader = ModelLoadContext.LoadModel<IDataLoader<IMultiStreamSource>>(_env, repository, null);
            return Decompose(ref loader);
        }
        catch (Exception ex)
        {
            throw new InvalidOperationException("The model holds no data loader; perhaps it was saved with a schema, or without anything on its input. Use Load instead.", ex);
        }
    }

    public ITransformer LoadWithDataLoader(string filePath, out IDataLoader<IMultiStreamSource> loader)
    {
        Contracts.CheckNonEmpty(filePath, nameof(filePath));
        using var stream = File.OpenRead(filePath);
        return LoadWithDataLoader(stream, out loader);
    }

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, bool ignoreMissingColumns = true,
        SchemaDefinition inputSchemaDefinition = null, SchemaDefinition outputSchemaDefinition = null)
        where TSrc : class where TDst : class, new()
        => new(transformer, ignoreMissingColumns, inputSchemaDefinition, outputSchemaDefinition, ownsTransformer: true);

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, DataViewSchema inputSchema)
        where TSrc : class where TDst : class, new()
        => new(transformer, false, UserColumns.DefinitionFor(typeof(TSrc), inputSchema), null, ownsTransformer: true);

    public PredictionEngine<TSrc, TDst> CreatePredictionEngine<TSrc, TDst>(ITransformer transformer, PredictionEngineOptions options)
        where TSrc : class where TDst : class, new()
        => new(transformer, options.IgnoreMissingColumns, options.InputSchemaDefinition, options.OutputSchemaDefinition, options.OwnsTransformer);

    private static RepositoryWriter NewRepository()
    {
        var repository = new RepositoryWriter();
        using var version = new StreamWriter(repository.CreateEntry("TrainingInfo", "Version.txt"), leaveOpen: true);
        version.WriteLine("5.0.0");
        return repository;
    }

    private static DataViewSchema ReadSchema(MemoryStream entry)
    {
        try
        {
            using var reader = new BinaryReader(entry, Encoding.UTF8);
            return reader.ReadSchema();
        }
        catch (Exception ex) when (ex is EndOfStreamException or ArgumentException or IOException)
        {
            throw new FormatException("Corrupt model file", ex);
        }
    }

    // A model that was saved with a loader is the one element of a chain.
    private static ITransformer Decompose(ref IDataLoader<IMultiStreamSource> loader)
    {
        if (loader is not CompositeDataLoader<IMultiStreamSource, ITransformer> composite)
            return new TransformerChain<ITransformer>();
        loader = composite.Loader;
        return composite.Transformer.Count() == 1 ? composite.Transformer.First() : composite.Transformer;
    }
}
