using System.Runtime.ExceptionServices;
using MLNet.Sngp.Data;
using TorchSharp;

namespace MLNet.Sngp.Training;

/// <summary>Runs several trainings on one table, as many at once as the processor has cores to spare.</summary>
/// <remarks>A training depends on its own input and on torch's thread count alone, so its result does not depend on how many run at once.
/// Its native memory belongs to the thread that runs it and is freed there.</remarks>
internal static class ParallelTrainings
{
    /// <param name="options">The trainer's options; each training gets a copy.</param>
    /// <param name="rows">The table.</param>
    /// <param name="count">The number of trainings.</param>
    /// <param name="train">Runs one, numbered from 0; called from several threads.</param>
    /// <param name="degree">How many to run at once; null for as many as there are cores for.</param>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public static T[] Run<T>(SngpOptions options, RowSource rows, int count, Func<SngpOptions, int, T> train, int? degree = null)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(options.Training.CancellationToken);
        var results = new T[count];
        var errors = new Exception?[count];
        OwnThreads.Run(count, degree ?? DegreeOfParallelism(options.Training.Device, rows), i =>
        {
            try
            {
                stop.Token.ThrowIfCancellationRequested();
                var own = options.Copy();
                own.Training.CancellationToken = stop.Token;
                results[i] = train(own, i);
            }
            catch (Exception exception)
            {
                errors[i] = exception;
                stop.Cancel();
            }
        });
        ThrowFirst(errors, options.Training.CancellationToken);
        return results;
    }

    /// <summary>How many trainings the processor has cores for, each with the threads that torch uses for an operator.</summary>
    /// <remarks>Trainings on one GPU would only wait for each other, and where rows are streamed each would need a buffer of its
    /// own.</remarks>
    private static int DegreeOfParallelism(TrainingDevice device, RowSource rows) =>
        !rows.IsInMemory || TorchDevice.Of(device).type == DeviceType.CUDA
            ? 1
            : Math.Max(1, Environment.ProcessorCount / torch.get_num_threads());

    /// <summary>Throws what went wrong rather than the cancellation of the others that followed from it.</summary>
    private static void ThrowFirst(Exception?[] errors, CancellationToken cancellation)
    {
        var cause = errors.FirstOrDefault(error => error is not null and not OperationCanceledException)
            ?? errors.FirstOrDefault(error => error is not null);
        if (cause is OperationCanceledException)
            cancellation.ThrowIfCancellationRequested();
        if (cause != null)
            ExceptionDispatchInfo.Throw(cause);
    }
}
