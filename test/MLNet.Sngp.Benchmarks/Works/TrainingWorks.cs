using Microsoft.ML;
using MLNet.Sngp.Benchmarks.Data;
using MLNet.Sngp.Benchmarks.Measuring;

namespace MLNet.Sngp.Benchmarks.Works;

/// <summary>Training as a user sees it, through <c>Fit</c>: reading, all epochs, posterior, ONNX graph.</summary>
internal static class TrainingWorks
{
    /// <summary>The tutorial's training; a first one of two epochs has compiled the code and loaded libtorch.</summary>
    public static Figure Sngp(WorkSettings settings) => Time((context, epochs) =>
    {
        var options = SngpOptions.Tutorial();
        options.Training.NumberOfEpochs = epochs;
        options.Seed = 1;
        return context.Sngp().Multiclass(options);
    }, settings);

    /// <summary>The same network without bound and Gaussian process.</summary>
    public static Figure Plain(WorkSettings settings) => Time(
        (context, epochs) => context.Sngp().Multiclass(TutorialNetwork.Plain(epochs)), settings);

    /// <summary>An epoch without posterior: the time from the end of the first epoch, which warms up, to the end of the second.</summary>
    public static Figure Epoch(WorkSettings settings)
    {
        var context = new MLContext(1);
        using var clock = new EpochClock(settings.Passes + 1);
        var options = SngpOptions.Tutorial();
        // The posterior is gathered in the last epoch, which never comes.
        options.Training.NumberOfEpochs = settings.Passes + 2;
        options.Seed = 1;
        options.Training.Progress = clock;
        options.Training.CancellationToken = clock.Enough;
        try
        {
            context.Sngp().Multiclass(options).Fit(Tables.Moons(context, settings.Rows)).Dispose();
        }
        catch (OperationCanceledException) when (clock.Enough.IsCancellationRequested)
        {
        }
        return new Figure(Statistics.Median(clock.Epochs.Skip(1)), "s");
    }

    private static Figure Time<T>(Func<MLContext, int, IEstimator<T>> trainer, WorkSettings settings)
        where T : class, ITransformer, IDisposable
    {
        var context = new MLContext(1);
        var table = Tables.Moons(context);
        trainer(context, 2).Fit(table).Dispose();
        var measured = trainer(context, settings.Epochs);
        T? model = null;
        var seconds = Repeated.Seconds(() => model = measured.Fit(table));
        model!.Dispose();
        return new Figure(seconds, "s");
    }
}
