using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Persistence;

namespace MLNet.Sngp.Text;

/// <summary>
/// A chain of ML.NET's own transformers that gives the same embeddings as ours, row by row. Nobody outside ML.NET can write into a
/// <see cref="ModelSaveContext"/>, so this is what an encoder is saved as, and what <c>mlContext.Model.Load</c> gives back.
/// </summary>
/// <remarks>
/// A custom mapping keeps no values of its own, so the settings travel as the one value of a lookup. An encoder that is saved whole is an
/// <c>OnnxTransformer</c> behind a mapping to tokens; one that is saved by hash is opened by a mapping, whose output is declared of
/// <see cref="MostElements"/> elements, because the length of a mapping's output stands in its code, and cut to the encoder's.
/// </remarks>
internal static class EmbeddingChain
{
    /// <summary>The most elements of an embedding.</summary>
    public const int MostElements = 4096;

    private const string LookupKey = "Key";
    private const string LookupValue = "Value";

    public static void Save(SentenceEncoder encoder, string input, string output, ModelSaveContext target)
    {
        encoder.ThrowIfDisposed();
        var isWhole = encoder.Options.Saving == SentenceEncoderSaving.Whole;
        var settings = new EmbeddingSettings(encoder.Options, input, output, encoder.Dimension, encoder.ModelHash, encoder.VocabularyHash,
            isWhole ? encoder.Vocabulary : null);
        var file = Path.Combine(Path.GetTempPath(), $"mlnet-sngp-{Guid.NewGuid():N}.onnx");
        try
        {
            if (isWhole)
                File.WriteAllBytes(file, RowwiseEncoder.Create(encoder));
            using var chain = Create(settings, isWhole ? file : null);
            ((ICanSaveModel)chain).Save(target);
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static TransformerChain<ITransformer> Create(EmbeddingSettings settings, string? file)
    {
        var context = new MLContext();
        var transforms = context.Transforms;
        var lookup = context.Data.LoadFromEnumerable([new LookupRow { Key = EmbeddingMappings.Key, Value = settings.ToJson() }]);
        var stages = new List<IEstimator<ITransformer>>
        {
            transforms.CopyColumns(EmbeddingMappings.Text, settings.InputColumnName),
            transforms.CustomMapping(new EmbeddingMappings.KeyFactory().GetMapping(), EmbeddingMappings.KeyFactory.Contract),
            transforms.Conversion.MapValue(EmbeddingMappings.Settings, lookup, lookup.Schema[LookupKey], lookup.Schema[LookupValue],
                EmbeddingMappings.KeyColumn),
        };
        stages.AddRange(file == null ? ByHash(context, settings) : Whole(transforms, settings, file));
        List<string> temporary = [EmbeddingMappings.Text, EmbeddingMappings.KeyColumn, EmbeddingMappings.Settings];
        temporary.AddRange(file == null ? [EmbeddingMappings.Wide] : [EmbeddingMappings.Tokens, RowwiseEncoder.Output]);
        stages.Add(transforms.DropColumns([.. temporary]));
        return RowwiseChain.Fit(stages, NoRows(context, settings.InputColumnName));
    }

    private static IEnumerable<IEstimator<ITransformer>> Whole(TransformsCatalog transforms, EmbeddingSettings settings, string file) =>
    [
        transforms.CustomMapping(new EmbeddingMappings.TokensFactory().GetMapping(), EmbeddingMappings.TokensFactory.Contract),
        transforms.ApplyOnnxModel(RowwiseEncoder.Output, EmbeddingMappings.Tokens, file),
        transforms.CopyColumns(settings.OutputColumnName, RowwiseEncoder.Output),
    ];

    private static IEnumerable<IEstimator<ITransformer>> ByHash(MLContext context, EmbeddingSettings settings)
    {
        // Its Fit counts the values that are not 0 in a table, here one of ones as long as the encoder's vectors.
        var ones = new EmbeddingMappings.WideRow { Value = new float[MostElements] };
        Array.Fill(ones.Value, 1, 0, settings.Dimension);
        var counted = context.Data.LoadFromEnumerable([ones]);
        return
        [
            context.Transforms.CustomMapping(new EmbeddingMappings.WideFactory().GetMapping(), EmbeddingMappings.WideFactory.Contract),
            new Fitted(context.Transforms.FeatureSelection.SelectFeaturesBasedOnCount(settings.OutputColumnName, EmbeddingMappings.Wide)
                .Fit(counted)),
        ];
    }

    private static IDataView NoRows(MLContext context, string input)
    {
        var definition = SchemaDefinition.Create(typeof(TextRow));
        definition[0].ColumnName = input;
        return context.Data.LoadFromEnumerable(Array.Empty<TextRow>(), definition);
    }

    private sealed class Fitted(ITransformer transformer) : IEstimator<ITransformer>
    {
        public ITransformer Fit(IDataView input) => transformer;

        public SchemaShape GetOutputSchema(SchemaShape inputSchema) => throw new NotSupportedException();
    }

    private sealed class LookupRow
    {
        public uint Key { get; set; }

        public string Value { get; set; } = "";
    }

    private sealed class TextRow
    {
        public string Value { get; set; } = "";
    }
}
