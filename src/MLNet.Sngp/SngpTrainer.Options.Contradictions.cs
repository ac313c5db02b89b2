namespace MLNet.Sngp;

public sealed partial class SngpTrainer
{
    public sealed partial class Options
    {
        internal override IEnumerable<string> Contradictions()
        {
            if (Kernel == GaussianProcessKernel.Linear && OrthogonalRandomFeatures)
                yield return $"{nameof(OrthogonalRandomFeatures)} is True with {nameof(Kernel)} {Kernel}, whose features are not random; set one of them back.";
        }
    }
}
