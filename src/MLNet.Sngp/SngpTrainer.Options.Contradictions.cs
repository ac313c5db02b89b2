namespace MLNet.Sngp;

public sealed partial class SngpTrainer
{
    public partial class Options
    {
        // A file format of ONNX, protobuf, ends at 2 GB; room is left for the rest of the model.
        private const long LargestPosterior = 2_000_000_000;

        internal override IEnumerable<string> Contradictions()
        {
            foreach (var contradiction in base.Contradictions())
                yield return contradiction;
            if (Kernel == GaussianProcessKernel.Linear && OrthogonalRandomFeatures)
                yield return $"{nameof(OrthogonalRandomFeatures)} is True with {nameof(Kernel)} {Kernel}, whose features are not random; set one of them back.";
            if (Covariance == PosteriorCovariance.PerClass && Likelihood != GaussianProcessLikelihood.Gaussian)
                yield return $"{nameof(Likelihood)} is {Likelihood} with {nameof(Covariance)} {Covariance}, which has the softmax's own likelihood; leave {nameof(Likelihood)} at {GaussianProcessLikelihood.Gaussian} or use {PosteriorCovariance.Shared}.";
            if (CovarianceGathering == CovarianceGathering.Momentum && CovarianceMomentum is null)
                yield return $"{nameof(CovarianceGathering)} is {CovarianceGathering} and {nameof(CovarianceMomentum)} is null; give the momentum, 0.999 for instance.";
            if (CovarianceGathering != CovarianceGathering.Momentum && CovarianceMomentum is { } momentum)
                yield return FormattableString.Invariant($"{nameof(CovarianceMomentum)} is {momentum} with {nameof(CovarianceGathering)} {CovarianceGathering}, which sums rows exactly; set it to null or gather with {CovarianceGathering.Momentum}.");
            if (CovarianceGathering != CovarianceGathering.AfterTraining && (ValidationFraction is not null || Patience is not null))
                yield return $"{nameof(CovarianceGathering)} is {CovarianceGathering} with {nameof(ValidationFraction)} or {nameof(Patience)}: the rows would be gathered with other weights than those that are kept; gather {CovarianceGathering.AfterTraining}.";
            if (PosteriorSamples is { } samples && MeanFieldFactor is { } factor)
                yield return FormattableString.Invariant($"{nameof(PosteriorSamples)} is {samples} and {nameof(MeanFieldFactor)} is {factor}; both turn the posterior into probabilities, so set one of them to null.");
            if (PosteriorSamples is not null && Likelihood == GaussianProcessLikelihood.Poisson)
                yield return $"{nameof(PosteriorSamples)} is given with {nameof(Likelihood)} {Likelihood}, whose logit is the logarithm of a rate, not of odds; use the mean-field adjustment.";
        }

        /// <summary>How many networks, each with a posterior of its own, the model holds.</summary>
        private protected virtual int CountNetworks() => 1;

        internal override void ThrowIfUnfit(int numberOfClasses)
        {
            if (Covariance == PosteriorCovariance.Shared && Likelihood != GaussianProcessLikelihood.Gaussian && numberOfClasses != 2)
                throw new InvalidOperationException($"{nameof(Likelihood)} is {Likelihood}, which is for two classes, and the label column '{LabelColumnName}' has {numberOfClasses}. Use {GaussianProcessLikelihood.Gaussian}, or {nameof(Covariance)} {PosteriorCovariance.PerClass}.");
            long features = Kernel == GaussianProcessKernel.Linear ? NumberOfHiddenUnits : NumberOfRandomFeatures;
            var bytes = sizeof(float) * features * features * (Covariance == PosteriorCovariance.PerClass ? numberOfClasses : 1) * CountNetworks();
            if (bytes > LargestPosterior)
                throw new InvalidOperationException(FormattableString.Invariant($"The posterior of {features} features and {numberOfClasses} classes would take {bytes} bytes in the model; an ONNX file holds about {LargestPosterior}. Lower {nameof(NumberOfRandomFeatures)}, or use {nameof(Covariance)} {PosteriorCovariance.Shared}."));
            // The sums and their factors in double precision, of one network at a time.
            ThrowIfTooLarge(4 * bytes / CountNetworks(), GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);
        }

        /// <summary>Refuses a posterior whose sums and factors, in double precision, are more than the machine has memory.</summary>
        internal static void ThrowIfTooLarge(long bytes, long available)
        {
            if (bytes > available)
                throw new InvalidOperationException(FormattableString.Invariant($"The posterior would take {bytes} bytes while training and this process may use {available}. Lower {nameof(NumberOfRandomFeatures)}, or use {nameof(Covariance)} {PosteriorCovariance.Shared}."));
        }
    }
}
