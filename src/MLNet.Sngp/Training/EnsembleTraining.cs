namespace MLNet.Sngp.Training;

/// <summary>Trains the members of an ensemble, each with a seed of its own.</summary>
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
        var seeds = MemberSeeds(input.Seed, options.NumberOfMembers);
        return ParallelTrainings.Run(options, input.Rows, seeds.Length, (own, i) =>
            train(own, input with { Seed = seeds[i], Member = i + 1, Checkpoint = input.Checkpoint?.OfMember(i + 1) }), degree);
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
}
