using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Persistence;

namespace MLNet.Sngp.Text;

/// <summary>The row of a mapping by which <c>mlContext.Sngp().Load</c> knows an <see cref="EmbeddingChain"/>.</summary>
internal abstract class EmbeddingForm : BatchingForm
{
    public override ITransformer Restore(TransformerChain<ITransformer> chain, IReadOnlyList<byte[]> models)
    {
        var settings = Settings(chain);
        return new SentenceEmbeddingTransformer(settings.OutputColumnName, settings.InputColumnName,
            settings.Vocabulary == null ? settings.OpenByHash() : settings.Checked(Whole(settings, models)));
    }

    // The lookup gives any text the same settings.
    private static EmbeddingSettings Settings(TransformerChain<ITransformer> chain)
    {
        var context = new MLContext();
        var row = context.Data.LoadFromEnumerable([new EmbeddingMappings.TextRow()]);
        foreach (var step in chain.Skip(1).Take(2))
            row = step.Transform(row);
        return EmbeddingSettings.Parse(row.GetColumn<ReadOnlyMemory<char>>(EmbeddingMappings.Settings).Single().Span);
    }

    private static SentenceEncoder Whole(EmbeddingSettings settings, IReadOnlyList<byte[]> models) =>
        models.Select(model => RowwiseEncoder.TryRestore(model, settings.ModelHash)).OfType<byte[]>().FirstOrDefault() is { } model
        ? SentenceEncoder.Open(settings.Options, model, settings.Vocabulary!)
        : throw new ModelFormatException("The file has no graph of the sentence encoder that its settings describe. It is damaged.");
}
