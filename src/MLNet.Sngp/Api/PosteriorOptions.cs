using System.ComponentModel.DataAnnotations;

namespace MLNet.Sngp;

/// <summary>How the posterior of the Gaussian process layer's weights is gathered, and how it becomes probabilities.</summary>
public sealed class PosteriorOptions
{
    /// <summary>The prior precision of the output weights: the posterior precision is RidgePenalty·I + Σφφᵀ; above 0.</summary>
    /// <value>The default is 1, the reference's.</value>
    [Range(0.0, 1e12, MinimumIsExclusive = true)]
    public double RidgePenalty { get; set; } = 1.0;

    /// <summary>How much each training row tells about the output weights.</summary>
    /// <remarks>Binary logistic and Poisson are for two classes; <c>Fit</c> refuses others. Covariance per class has the likelihood of
    /// the softmax built in, so this stays at its default there.</remarks>
    /// <value>The default is <see cref="GaussianProcessLikelihood.Gaussian"/>, the tutorial's.</value>
    [EnumDataType(typeof(GaussianProcessLikelihood))]
    public GaussianProcessLikelihood Likelihood { get; set; } = GaussianProcessLikelihood.Gaussian;

    /// <summary>Whether the classes share one posterior covariance.</summary>
    /// <remarks>Per class, the posterior takes K times the memory and time, and <c>Variance</c> becomes a vector.</remarks>
    /// <value>The default is <see cref="PosteriorCovariance.Shared"/>, the tutorial's.</value>
    [EnumDataType(typeof(PosteriorCovariance))]
    public PosteriorCovariance Covariance { get; set; } = PosteriorCovariance.Shared;

    /// <summary>When the training rows are gathered into the posterior precision.</summary>
    /// <value>The default is <see cref="CovarianceGathering.AfterTraining"/>: the posterior of the weights that score.</value>
    [EnumDataType(typeof(CovarianceGathering))]
    public CovarianceGathering CovarianceGathering { get; set; } = CovarianceGathering.AfterTraining;

    /// <summary>m of P ← m·P + (1 − m)·S/B; from 0 to 1. Null sums the rows exactly.</summary>
    /// <remarks>Must be given with <see cref="CovarianceGathering.Momentum"/> and left null otherwise.</remarks>
    /// <value>The default is <see langword="null"/>. The references' value is 0.999.</value>
    [Range(0.0, 1.0)]
    public double? CovarianceMomentum { get; set; }

    /// <summary>The largest error of σ² that a cheaper form of the variance may make, absolute, in logit²; at least 0. 0 always takes
    /// the full form.</summary>
    /// <remarks>
    /// <para>The full form takes M² operations a row and M² values in the model. Directions in which the training rows say next to
    /// nothing are left out where that stays within the tolerance for every row there can be, single precision included; a few
    /// directions are often enough for data of few dimensions. The full form is kept where next to nothing can be left out, and where
    /// no such bound holds: for the linear kernel, and for a tolerance below 1e-6 of what σ² can reach, 2, or M without
    /// <see cref="GaussianProcessOptions.ScaleRandomFeatures"/>.</para>
    /// </remarks>
    /// <value>The default is 1e-5. The references compute the full form.</value>
    [Range(0.0, 1e6)]
    public double VarianceTolerance { get; set; } = 1e-5;

    /// <summary>λ of the mean-field adjustment: logits / √(1 + λσ²); at least 0. Null leaves the logits as they are.</summary>
    /// <remarks>For a Poisson likelihood: logits·exp(λσ²/2). Not to be given together with <see cref="PosteriorSamples"/>.</remarks>
    /// <value>The default is π/8, the tutorial's; <see langword="null"/> when <see cref="PosteriorSamples"/> is set.</value>
    [Range(0.0, 1e6)]
    public double? MeanFieldFactor
    {
        get => _meanFieldFactor.IsSet ? _meanFieldFactor.Value : PosteriorSamples is null ? Math.PI / 8 : null;
        set => _meanFieldFactor = (true, value);
    }

    /// <summary>c of σ² + c·max(σ²/r − 1, 0), which the mean-field adjustment takes in place of σ², where r is the 95 % quantile of σ² over
    /// the training rows, each left out of the posterior; at least 0. 0 takes σ² itself.</summary>
    /// <remarks>On large tables σ² is small for all training rows, and λσ² moves no probability, however far a row is. With c a row that is
    /// unlike the training rows loses its certainty on tables of every size, and 95 in 100 rows like them keep their probabilities. The
    /// column <c>Variance</c> stays as it is. Without effect where there is no <see cref="MeanFieldFactor"/>, and for a Poisson
    /// likelihood.</remarks>
    /// <value>The default is 10. The tutorial takes σ² itself.</value>
    [Range(0.0, 1e6)]
    public double FarRowFactor { get; set; } = 10;

    /// <summary>
    /// n, the number of draws from the posterior over which the softmax is averaged: Score = Σₛ softmax(logits + σ·εₛ)/n. Null takes
    /// the mean-field adjustment instead.
    /// </summary>
    /// <remarks>
    /// The draws ε are fixed by the seed and lie in the model, so scoring is repeatable. They are independent for each class, as the
    /// posteriors of the classes' weights are, so the difference of two logits varies by 2σ²; under
    /// <see cref="GaussianProcessLikelihood.BinaryLogistic"/> σ² is the variance of the difference itself. Scoring takes n·K values a
    /// row: some tens to hundreds of draws do.
    /// </remarks>
    /// <value>The default is <see langword="null"/>. The paper's Algorithm 1 draws samples.</value>
    [Range(1, 10_000)]
    public int? PosteriorSamples { get; set; }

    /// <summary>Whether the model keeps what <c>mlContext.Sngp().Update</c> and <c>Merge</c> need to learn new rows without training the
    /// network again.</summary>
    /// <remarks>
    /// <para>The sums of the posterior in double precision, as constants of the ONNX graph that no node uses: 4M² bytes once the model is
    /// trained and 8M² once it has taken in rows, 4 and 8 MB of M = 1,024 random features, 10 and 20 MB where M is 1,600. Scoring does not
    /// use them; a runtime may warn about them when it opens the file.</para>
    /// <para>For one network with a Gaussian process whose posterior is gathered after training with a shared covariance and the Gaussian
    /// likelihood.</para>
    /// </remarks>
    /// <value>The default is <see langword="false"/>.</value>
    public bool Updatable { get; set; }

    private (bool IsSet, double? Value) _meanFieldFactor;

    internal PosteriorOptions Copy() => (PosteriorOptions)MemberwiseClone();
}
