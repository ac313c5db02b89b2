using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLNet.Sngp.Text;

/// <summary>The custom mappings of <see cref="EmbeddingChain"/>. ML.NET finds these classes by their contract when it loads a zip file, so
/// names and members stay as they are.</summary>
internal static class EmbeddingMappings
{
    public const string Text = Prefix + nameof(Text);
    public const string KeyColumn = Prefix + nameof(Key);
    public const string Settings = Prefix + nameof(Settings);
    public const string Tokens = Prefix + nameof(Tokens);
    public const string Wide = Prefix + nameof(Wide);

    /// <summary>The key under which the lookup has the settings.</summary>
    public const uint Key = 1;

    private const string Prefix = "mlnet_sngp.text.";

    internal sealed class TextRow
    {
        [ColumnName(EmbeddingMappings.Text)]
        public ReadOnlyMemory<char> Value { get; set; }
    }

    internal sealed class KeyRow
    {
        [ColumnName(KeyColumn)]
        public uint Value { get; set; }
    }

    internal sealed class SettingsRow
    {
        [ColumnName(EmbeddingMappings.Text)]
        public ReadOnlyMemory<char> Text { get; set; }

        [ColumnName(EmbeddingMappings.Settings)]
        public ReadOnlyMemory<char> Settings { get; set; }
    }

    internal sealed class WideRow : EmbeddingForm
    {
        [ColumnName(Wide)]
        [VectorType(EmbeddingChain.MostElements)]
        public float[] Value { get; set; } = [];
    }

    internal sealed class TokensRow : EmbeddingForm
    {
        [ColumnName(Tokens)]
        [VectorType(SentenceEncoderOptions.MostTokens + 1)]
        public long[] Value { get; set; } = [];
    }

    [CustomMappingFactoryAttribute(Contract)]
    internal sealed class KeyFactory : CustomMappingFactory<TextRow, KeyRow>
    {
        public const string Contract = "MLNet.Sngp.Text.Key.1";

        public override Action<TextRow, KeyRow> GetMapping() => (_, row) => row.Value = Key;
    }

    /// <summary>From a text to the number of its tokens, and their ids.</summary>
    [CustomMappingFactoryAttribute(Contract)]
    internal sealed class TokensFactory : CustomMappingFactory<SettingsRow, TokensRow>
    {
        public const string Contract = "MLNet.Sngp.Text.Tokens.1";

        public override Action<SettingsRow, TokensRow> GetMapping()
        {
            var words = new Opened<WordPieces>(settings => settings.OpenWords());
            return (input, output) =>
            {
                var tokens = words.For(input.Settings).Encode(input.Text.Span, out _);
                if (output.Value.Length == 0)
                    output.Value = new long[SentenceEncoderOptions.MostTokens + 1];
                output.Value[0] = tokens.Length;
                tokens.CopyTo(output.Value, 1);
            };
        }
    }

    /// <summary>From a text to its embedding and zeros behind it.</summary>
    [CustomMappingFactoryAttribute(Contract)]
    internal sealed class WideFactory : CustomMappingFactory<SettingsRow, WideRow>
    {
        public const string Contract = "MLNet.Sngp.Text.Embedding.1";

        public override Action<SettingsRow, WideRow> GetMapping()
        {
            var encoder = new Opened<SentenceEncoder>(settings => settings.OpenByHash());
            return (input, output) =>
            {
                if (output.Value.Length == 0)
                    output.Value = new float[EmbeddingChain.MostElements];
                encoder.For(input.Settings).Embed([input.Text], output.Value);
            };
        }
    }

    /// <summary>What was opened for the settings of the last row; those of a chain are the same for all rows.</summary>
    private sealed class Opened<T>(Func<EmbeddingSettings, T> open)
        where T : class
    {
        private readonly Lock _lock = new();
        private volatile Entry? _last;

        public T For(ReadOnlyMemory<char> settings)
        {
            if (_last is { } last && last.Settings.Equals(settings))
                return last.Value;
            lock (_lock)
            {
                if (_last is not { } entry || !entry.Settings.Span.SequenceEqual(settings.Span))
                    _last = entry = new Entry(settings, open(EmbeddingSettings.Parse(settings.Span)));
                return entry.Value;
            }
        }

        private sealed record Entry(ReadOnlyMemory<char> Settings, T Value);
    }
}
