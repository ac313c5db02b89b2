using System.ComponentModel.DataAnnotations;

namespace MLNet.Sngp;

/// <summary>What the trainers of this library can be told, in groups. The defaults suit tables of any size and choose the length of
/// training, the batch size and the kernel scale from the data; the tutorial's SNGP is <see cref="Tutorial"/>.</summary>
/// <remarks>
/// <para>A method is a point in one space: a backbone, an output layer (<see cref="Head"/>), the number of networks and the number of
/// dropout passes. <see cref="Deterministic"/>, <see cref="MonteCarloDropout"/>, <see cref="DeepEnsemble"/>, <see cref="SngpEnsemble"/> and
/// <see cref="Tutorial"/> are named points in it; every trainer takes each. An option that the method does not use must stay at its
/// default.</para>
/// <para>Trainers copy their options when they are constructed; later changes have no effect.</para>
/// </remarks>
/// <example><code>
/// var options = new SngpOptions
/// {
///     Backbone = new ResidualMlp { NumberOfHiddenLayers = 2 },
///     GaussianProcess = { NumberOfRandomFeatures = 2048 },
///     Training = { NumberOfEpochs = 50 },
/// };
/// </code></example>
public sealed partial class SngpOptions
{
    // Named here once: the short overloads of the catalog have the same.
    internal const string DefaultLabelColumnName = "Label";
    internal const string DefaultFeatureColumnName = "Features";

    /// <summary>The label column: a key of type <see cref="uint"/>, one key value per class; for the binary trainer a
    /// <see cref="bool"/>, for the regression trainer a <see cref="float"/> or a <see cref="double"/>.</summary>
    /// <value>The default is <c>Label</c>.</value>
    [Required]
    public string LabelColumnName { get; set; } = DefaultLabelColumnName;

    /// <summary>The feature column: a vector of <see cref="float"/> of known size. A backbone gets each row in the
    /// dimensions that the column's type states.</summary>
    /// <value>The default is <c>Features</c>.</value>
    [Required]
    public string FeatureColumnName { get; set; } = DefaultFeatureColumnName;

    /// <summary>The column of example weights, a <see cref="float"/> of at least 0; null weighs all rows alike.</summary>
    /// <remarks>A weight multiplies the row's loss and its part of the posterior precision.</remarks>
    /// <value>The default is <see langword="null"/>.</value>
    public string? ExampleWeightColumnName { get; set; }

    /// <summary>The hidden layers.</summary>
    /// <value>The default is a <see cref="ResidualMlp"/> with its defaults.</value>
    [Required]
    public Backbone Backbone { get; set; } = new ResidualMlp();

    /// <summary>The output layer.</summary>
    /// <value>The default is <see cref="NetworkHead.GaussianProcess"/>.</value>
    [EnumDataType(typeof(NetworkHead))]
    public NetworkHead Head { get; set; } = NetworkHead.GaussianProcess;

    /// <summary>The Gaussian process layer; not used with <see cref="NetworkHead.Dense"/>.</summary>
    [Required]
    public GaussianProcessOptions GaussianProcess { get; set; } = new();

    /// <summary>The posterior of the Gaussian process layer; not used with <see cref="NetworkHead.Dense"/>.</summary>
    [Required]
    public PosteriorOptions Posterior { get; set; } = new();

    /// <summary>Epochs, optimiser, validation, checkpoints.</summary>
    [Required]
    public TrainingOptions Training { get; set; } = new();

    /// <summary>M, the number of networks that are trained, which differ by their seed alone; their probabilities are averaged. The first
    /// one's seed is the ensemble's own.</summary>
    /// <remarks>
    /// Training, scoring and the model's size grow in proportion. Members are trained side by side when the processor has more logical
    /// cores than torch takes threads for one operator (<c>torch.get_num_threads()</c>); the model does not depend on how many at once.
    /// Progress adds up the members.
    /// </remarks>
    /// <value>The default is 1.</value>
    [Range(1, 1000)]
    public int NumberOfMembers { get; set; } = 1;

    /// <summary>P, the number of thinned networks that score each row: Monte Carlo dropout. Null scores with the whole network.</summary>
    /// <remarks>
    /// A pass is one thinned network: a mask for each dropout layer, drawn once from the seed and kept in the model. So the same row always
    /// gets the same scores, whatever rows it is scored with. Scoring takes about P times as long, training no longer. Needs a backbone
    /// with dropout.
    /// </remarks>
    /// <value>The default is <see langword="null"/>.</value>
    [Range(1, 1000)]
    public int? NumberOfDropoutPasses { get; set; }

    /// <summary>The share of labels that <c>Lower</c> and <c>Upper</c> of a regression are to have between them, above 0 and below
    /// 1.</summary>
    /// <value>The default is 0.9. Not used by classifiers.</value>
    [Range(0.0, 1.0, MinimumIsExclusive = true, MaximumIsExclusive = true)]
    public double Confidence { get; set; } = 0.9;

    /// <summary>Whether the noise of a regression is a function of the row, learned by a second output, instead of one number.</summary>
    /// <remarks>For labels that scatter more in some regions than in others. It takes more rows, and training longer.</remarks>
    /// <value>The default is <see langword="false"/>. Not used by classifiers.</value>
    public bool HeteroscedasticNoise { get; set; }

    /// <summary>Fixes all randomness of the training; null draws a seed from the <c>MLContext</c>.</summary>
    /// <value>The default is <see langword="null"/>.</value>
    public int? Seed { get; set; }

    /// <summary>How many networks, whole or thinned, a row's probabilities are averaged over.</summary>
    internal int NumberOfPredictions => NumberOfMembers * (NumberOfDropoutPasses ?? 1);

    /// <summary>Whether the posterior is of the steps' own weights, so that no other epoch's can be kept.</summary>
    internal bool GathersInSteps =>
        Head == NetworkHead.GaussianProcess && Posterior.CovarianceGathering != CovarianceGathering.AfterTraining;

    /// <summary>The method's name in the model.</summary>
    internal string Method => (Head, NumberOfMembers > 1, NumberOfDropoutPasses is not null) switch
    {
        (NetworkHead.Dense, false, false) => "Deterministic",
        (NetworkHead.Dense, false, true) => "MonteCarloDropout",
        (NetworkHead.Dense, true, var thinned) => "DeepEnsemble" + (thinned ? "MonteCarloDropout" : ""),
        (_, var many, var thinned) => "Sngp" + (many ? "Ensemble" : "") + (thinned ? "MonteCarloDropout" : ""),
    };

    /// <summary>A copy that later changes of this object and of its groups do not reach.</summary>
    internal SngpOptions Copy()
    {
        var copy = (SngpOptions)MemberwiseClone();
        copy.Backbone = Backbone.Copy();
        copy.GaussianProcess = GaussianProcess.Copy();
        copy.Posterior = Posterior.Copy();
        copy.Training = Training.Copy();
        return copy;
    }
}
