using System.Runtime.ExceptionServices;
using MLNet.Sngp.Data;
using TorchSharp;

namespace MLNet.Sngp.Training;

/// <summary>Trains the members of an ensemble, several at once where the processor has cores to spare.</summary>
/// <remarks>
/// A member depends on its own seed and on torch's thread count alone, so the models do not depend on how many are trained at once. Each
/// member's native memory belongs to the thread that trains it and is freed there.
/// </remarks>
internal static class EnsembleTraining
{
    /// <param name="options">The options of the ensemble; the members get copies.</param>
    /// <param name="input">The rows, the likelihood and the seed of the ensemble.</param>
    /// <param name="train">Trains a member; called from several threads.</param>
    /// <param name="degree">How many members to train at once; null for as many as there are cores for.</param>
    /// <exception cref="OperationCanceledException">The options' token was cancelled.</exception>
    public static MemberGraph[] Train(
        SngpOptions options, TrainingInput input, Func<SngpOptions, TrainingInput, MemberGraph> train, int? degree = null)
    {
        var count = options.NumberOfMembers;
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(options.Training.CancellationToken);
        var memberOptions = options.Copy();
        memberOptions.Training.CancellationToken = stop.Token;
        var seeds = MemberSeeds(input.Seed, count);
        var models = new MemberGraph[count];
        var errors = new Exception?[count];
        OwnThreads.Run(count, degree ?? DegreeOfParallelism(options.Training.Device, input.Rows), i =>
        {
            try
            {
                stop.Token.ThrowIfCancellationRequested();
                models[i] =
                    train(memberOptions, input with { Seed = seeds[i], Member = i + 1, Checkpoint = input.Checkpoint?.OfMember(i + 1) });
            }
            catch (Exception exception)
            {
                errors[i] = exception;
                stop.Cancel();
            }
        });
        ThrowFirst(errors, options.Training.CancellationToken);
        return models;
    }

    /// <summary>The seed of each member, all different; the first member's is the ensemble's own.</summary>
    internal static int[] MemberSeeds(int seed, int count)
    {
        var random = new SeededRandom(seed, RandomPurpose.Members);
        var seeds = new List<int>(count) { seed };
        while (seeds.Count < count)
        {
            var next = random.NextInt32(int.MaxValue);
            if (!seeds.Contains(next))
                seeds.Add(next);
        }
        return [.. seeds];
    }

    /// <summary>How many trainings the processor has cores for, each with the threads that torch uses for an operator.</summary>
    /// <remarks>Trainings on one GPU would only wait for each other, and where rows are streamed each would need a buffer of its
    /// own.</remarks>
    private static int DegreeOfParallelism(TrainingDevice device, RowSource rows) =>
        !rows.IsInMemory || TorchDevice.Of(device).type == DeviceType.CUDA
            ? 1
            : Math.Max(1, Environment.ProcessorCount / torch.get_num_threads());

    /// <summary>Throws what went wrong rather than the cancellation of the other members that followed from it.</summary>
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
