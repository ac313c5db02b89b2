namespace MLNet.Sngp;

/// <summary>One output of a model's graph, of shape [N, <paramref name="Width"/>].</summary>
/// <param name="Name">The name of the output and of the column that it becomes.</param>
/// <param name="Type">The type of its elements.</param>
/// <param name="Width">The number of elements a row.</param>
internal sealed record ModelOutput(string Name, ModelOutputType Type, int Width)
{
    public const string PredictedLabel = "PredictedLabel";
    public const string Probability = "Probability";
    public const string Score = "Score";
    public const string Variance = "Variance";
    public const string Logits = "Logits";
    public const string Uncertainty = "Uncertainty";

    /// <summary>The value of shape [1] by which logits are divided; an input with a default.</summary>
    public const string Temperature = "Temperature";

    /// <summary>λ of the mean-field adjustment, of shape [1]; an input with a default.</summary>
    public const string MeanFieldFactor = "MeanFieldFactor";

    /// <summary>Every output that a model can have, in the order of the columns.</summary>
    public static readonly IReadOnlyList<string> Names = [PredictedLabel, Probability, Score, Variance, Logits, Uncertainty];

    /// <summary>Whether the column is a vector with an element for each class.</summary>
    public bool IsPerClass => Type == ModelOutputType.Single && Width > 1;

    /// <summary>The size of a row in bytes.</summary>
    public int RowBytes => Width * (Type == ModelOutputType.Boolean ? 1 : 4);
}

/// <summary>The types that outputs of a model can have.</summary>
internal enum ModelOutputType
{
    Single,

    /// <summary>A key: 1 for the first class, 0 for missing.</summary>
    UInt32,

    Boolean,
}
