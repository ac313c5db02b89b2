namespace MLNet.Sngp;

/// <summary>The names of columns that mean the same in every model that has them, and of the values that calibration changes.</summary>
internal static class ColumnNames
{
    public const string PredictedLabel = "PredictedLabel";
    public const string Probability = "Probability";
    public const string Score = "Score";

    /// <summary>The posterior variance of the outputs; in a regression that of the mean, in squared units of the label.</summary>
    public const string Variance = "Variance";

    /// <summary>The variance of the probabilities over the members of an ensemble, or over dropout passes.</summary>
    public const string EnsembleVariance = "EnsembleVariance";

    public const string Logits = "Logits";
    public const string Uncertainty = "Uncertainty";

    /// <summary>The conformal p-value of a row.</summary>
    public const string Novelty = "Novelty";

    public const string IsNovel = "IsNovel";

    /// <summary>For each class whether it is in the conformal set.</summary>
    public const string PredictionSet = "PredictionSet";

    public const string SetSize = "SetSize";

    /// <summary>The variance of the label about its mean, in its squared units.</summary>
    public const string NoiseVariance = "NoiseVariance";

    /// <summary>The ends of the interval in which a label is to be expected.</summary>
    public const string Lower = "Lower";

    /// <inheritdoc cref="Lower"/>
    public const string Upper = "Upper";

    /// <summary>The value of shape [1] by which logits are divided.</summary>
    public const string Temperature = "Temperature";

    /// <summary>λ of the mean-field adjustment, of shape [1].</summary>
    public const string MeanFieldFactor = "MeanFieldFactor";
}
