using System.Globalization;
using MLNet.Sngp.Heads;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;

namespace MLNet.Sngp;

internal static partial class OptionsValidator
{
    // A file format of ONNX, protobuf, ends at 2 GB; room is left for the rest of the model.
    private const long LargestPosterior = 2_000_000_000;

    /// <summary>Refuses options that do not fit the network's sizes.</summary>
    /// <param name="options">The options.</param>
    /// <param name="likelihood">Says how many precisions the posterior has.</param>
    /// <param name="hiddenUnits">H.</param>
    /// <param name="outputs">P.</param>
    /// <exception cref="InvalidOperationException">They do not fit.</exception>
    public static void ThrowIfUnfit(SngpOptions options, Likelihood likelihood, long hiddenUnits, int outputs)
    {
        if (options.NumberOfDropoutPasses is { } passes && !options.Backbone.HasDropout)
            throw new InvalidOperationException(Thinned(passes));
        if (options.Head == NetworkHead.Dense)
            return;
        if (likelihood.Contradictions(options, outputs).FirstOrDefault() is { } contradiction)
            throw new InvalidOperationException(contradiction);
        var features = RandomFeatureMap.CountFeatures(
            HiddenNormalization.Width(hiddenUnits, options.GaussianProcess.NormalizeGpInput), options.GaussianProcess);
        var bytes = sizeof(float) * features * features * likelihood.CountPrecisions(options.Posterior, outputs);
        if (options.Posterior.Updatable)
            bytes += sizeof(double) * features * features;
        if (bytes * options.NumberOfMembers > LargestPosterior)
        {
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"The posterior of {features} features and {outputs} outputs would take {bytes * options.NumberOfMembers} bytes in the "
                + $"model; ")
                + FormattableString.Invariant($"an ONNX file holds about {LargestPosterior}. {PosteriorRemedy}"));
        }
        // The sums and their factors in double precision, of one network at a time.
        ThrowIfTooLarge(4 * bytes, GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
    }

    /// <summary>Refuses a posterior whose sums and factors, in double precision, are more than the machine has memory.</summary>
    internal static void ThrowIfTooLarge(long bytes, long available)
    {
        if (bytes > available)
            throw new InvalidOperationException(FormattableString.Invariant(
                $"The posterior would take {bytes} bytes while training and this process may use {available}. {PosteriorRemedy}"));
    }

    private static string PosteriorRemedy =>
        $"Lower {nameof(GaussianProcessOptions.NumberOfRandomFeatures)}, or use {nameof(PosteriorOptions.Covariance)} "
        + $"{PosteriorCovariance.Shared}.";

    private static IEnumerable<string> Contradictions(SngpOptions options, Likelihood likelihood) =>
    [
        .. Ignored(options, likelihood), .. options.Backbone.Contradictions(), .. OfColumns(options), .. OfTraining(options.Training),
        .. options.Head == NetworkHead.Dense ? [] : OfPosterior(options),
        .. options is { Head: NetworkHead.GaussianProcess, Posterior.Updatable: true } ? OfUpdates(options) : [],
    ];

    /// <summary>An option that the method does not use must stay at its default: a user who sets it expects something of it.</summary>
    private static IEnumerable<string> Ignored(SngpOptions options, Likelihood likelihood)
    {
        foreach (var option in OptionReader.All(options))
        {
            if (OptionReader.WhyIgnored(options, option, likelihood) is { } reason && !Equals(option.Value, option.Default))
            {
                yield return $"{option.Path} is {Show(option.Value)} {reason}, which makes no use of it; "
                    + $"set it back to {Show(option.Default)}.";
            }
        }
        if (options is { NumberOfDropoutPasses: { } passes, Backbone.HasDropout: false })
            yield return Thinned(passes);
    }

    private static string Thinned(int passes) => FormattableString.Invariant(
        $"{nameof(SngpOptions.NumberOfDropoutPasses)} is {passes} and the backbone has no dropout, without which all passes are alike; ")
        + $"set {nameof(ResidualMlp.DropoutRate)} above 0, or the number of passes to null.";

    private static IEnumerable<string> OfColumns(SngpOptions options)
    {
        string[] used = [.. Categorical.Instance.Columns(options, 2).Concat(Bernoulli.Instance.Columns(options, 2))
            .Concat(Gaussian.Instance.Columns(options, 1))
            .Select(column => column.Name), ColumnNames.Temperature, ColumnNames.MeanFieldFactor];
        if (used.Contains(options.FeatureColumnName))
            yield return $"{nameof(options.FeatureColumnName)} is \"{options.FeatureColumnName}\", a name that the ONNX graph uses itself; "
                + "rename the column with Transforms.CopyColumns.";
    }

    private static IEnumerable<string> OfTraining(TrainingOptions options)
    {
        if (options.MaximumRowsInMemory < options.BatchSize)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{nameof(options.MaximumRowsInMemory)} is {options.MaximumRowsInMemory} and {nameof(options.BatchSize)} is "
                + $"{options.BatchSize}; ")
                + $"the rows of a training step must be in memory, so raise the first or lower the second.";
        }
    }

    /// <summary>What new rows cannot be taken in exactly with.</summary>
    private static IEnumerable<string> OfUpdates(SngpOptions options)
    {
        var posterior = options.Posterior;
        (bool Holds, string What, string Remedy)[] obstacles =
        [
            (options.NumberOfMembers > 1, $"{nameof(options.NumberOfMembers)} {Show(options.NumberOfMembers)}", "1"),
            (options.NumberOfDropoutPasses is not null,
                $"{nameof(options.NumberOfDropoutPasses)} {Show(options.NumberOfDropoutPasses)}", "null"),
            (options.HeteroscedasticNoise, $"{nameof(options.HeteroscedasticNoise)} True", "False"),
            (posterior.Covariance != PosteriorCovariance.Shared, $"{nameof(posterior.Covariance)} {posterior.Covariance}",
                $"{PosteriorCovariance.Shared}"),
            (posterior.Likelihood != GaussianProcessLikelihood.Gaussian, $"{nameof(posterior.Likelihood)} {posterior.Likelihood}",
                $"{GaussianProcessLikelihood.Gaussian}"),
            (posterior.CovarianceGathering != CovarianceGathering.AfterTraining,
                $"{nameof(posterior.CovarianceGathering)} {posterior.CovarianceGathering}", $"{CovarianceGathering.AfterTraining}"),
        ];
        return obstacles.Where(obstacle => obstacle.Holds).Select(obstacle =>
            $"{nameof(options.Posterior)}.{nameof(posterior.Updatable)} is True with {obstacle.What}, whose posterior cannot take in new "
            + $"rows; set the latter to {obstacle.Remedy}, or {nameof(posterior.Updatable)} to False.");
    }

    private static IEnumerable<string> OfPosterior(SngpOptions options)
    {
        var (process, posterior, training) = (options.GaussianProcess, options.Posterior, options.Training);
        if (process is { Kernel: GaussianProcessKernel.Linear, OrthogonalRandomFeatures: true })
            yield return $"{nameof(process.OrthogonalRandomFeatures)} is True with {nameof(process.Kernel)} {process.Kernel}, whose "
                + "features are not random; set one of them back.";
        if (posterior.Covariance == PosteriorCovariance.PerClass && posterior.Likelihood != GaussianProcessLikelihood.Gaussian)
        {
            yield return $"{nameof(posterior.Likelihood)} is {posterior.Likelihood} with {nameof(posterior.Covariance)} "
                + $"{posterior.Covariance}, which has the softmax's own likelihood; "
                + $"leave {nameof(posterior.Likelihood)} at {GaussianProcessLikelihood.Gaussian} or use {PosteriorCovariance.Shared}.";
        }
        var gathering = posterior.CovarianceGathering;
        if (gathering == CovarianceGathering.Momentum && posterior.CovarianceMomentum is null)
            yield return $"{nameof(posterior.CovarianceGathering)} is {gathering} and {nameof(posterior.CovarianceMomentum)} is null; give "
                + "the momentum, 0.999 for instance.";
        if (gathering != CovarianceGathering.Momentum && posterior.CovarianceMomentum is { } momentum)
        {
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{nameof(posterior.CovarianceMomentum)} is {momentum} with {nameof(posterior.CovarianceGathering)} {gathering}, which "
                + $"sums rows exactly; ")
                + $"set it to null or gather with {CovarianceGathering.Momentum}.";
        }
        if (gathering != CovarianceGathering.AfterTraining && (training.ValidationFraction is not null || training.Patience is not null))
        {
            yield return $"{nameof(posterior.CovarianceGathering)} is {gathering} with {nameof(training.ValidationFraction)} or "
                + $"{nameof(training.Patience)}: the rows would be gathered "
                + $"with other weights than those that are kept; gather {CovarianceGathering.AfterTraining}.";
        }
        if (posterior is { PosteriorSamples: { } samples, MeanFieldFactor: { } factor })
        {
            yield return FormattableString.Invariant(
                $"{nameof(posterior.PosteriorSamples)} is {samples} and {nameof(posterior.MeanFieldFactor)} is {factor}; ")
                + "both turn the posterior into probabilities, so set one of them to null.";
        }
        if (posterior is { PosteriorSamples: not null, Likelihood: GaussianProcessLikelihood.Poisson })
        {
            yield return $"{nameof(posterior.PosteriorSamples)} is given with {nameof(posterior.Likelihood)} {posterior.Likelihood}, whose "
                + "logit is the logarithm of a rate, not of odds; use the mean-field adjustment.";
        }
    }
}
