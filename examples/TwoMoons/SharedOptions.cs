using MLNet.Sngp;

namespace TwoMoons;

/// <summary>What all methods are trained with.</summary>
internal sealed record SharedOptions(int Seed, bool Tutorial, IProgress<TrainingProgress>? Progress)
{
    public SngpOptions Apply(SngpOptions options)
    {
        options.Seed = Seed;
        options.Training.Progress = Progress;
        if (Tutorial)
        {
            var backbone = (ResidualMlp)options.Backbone;
            (backbone.NumberOfHiddenLayers, backbone.NormalizeFeatures) = (6, false);
            (options.Training.NumberOfEpochs, options.Training.BatchSize, options.Training.LearningRate) = (100, 128, 1e-4);
            if (options.Head == NetworkHead.GaussianProcess)
                (options.GaussianProcess.KernelScale, options.Posterior.FarRowFactor) = (1, 0);
        }

        return options;
    }
}
