using MLNet.Sngp;

namespace TwoMoons;

/// <summary>What all methods are trained with.</summary>
internal sealed record SharedOptions(int Seed, bool Tutorial, IProgress<TrainingProgress>? Progress)
{
    public TOptions Apply<TOptions>(TOptions options) where TOptions : NetworkTrainerOptions
    {
        options.NumberOfEpochs = 100;
        options.Seed = Seed;
        options.Progress = Progress;
        if (Tutorial)
        {
            options.LearningRate = 1e-4;
            if (options is SngpTrainer.Options sngp)
                sngp.KernelScale = 1;
        }

        return options;
    }
}
