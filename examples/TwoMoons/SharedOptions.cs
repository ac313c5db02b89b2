using MLNet.Sngp;

namespace TwoMoons;

/// <summary>What all methods are trained with.</summary>
internal sealed record SharedOptions(int Seed, bool Tutorial, IProgress<TrainingProgress>? Progress)
{
    public SngpOptions Apply(SngpOptions options)
    {
        options.Training.NumberOfEpochs = 100;
        options.Seed = Seed;
        options.Training.Progress = Progress;
        if (Tutorial)
        {
            options.Training.LearningRate = 1e-4;
            if (options.Head == NetworkHead.GaussianProcess)
                options.GaussianProcess.KernelScale = 1;
        }

        return options;
    }
}
