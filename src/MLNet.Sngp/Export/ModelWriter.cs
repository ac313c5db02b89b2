using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Training;

namespace MLNet.Sngp.Export;

/// <summary>Makes a model of trained networks: one graph, the likelihood's columns, and what the graph says about itself.</summary>
internal static class ModelWriter
{
    // The observers of a training and where it kept its state are no part of the model.
    private static readonly string[] NotOptions =
    [
        nameof(TrainingOptions.Progress), nameof(TrainingOptions.CancellationToken), nameof(TrainingOptions.CheckpointPath),
        nameof(TrainingOptions.CheckpointEvery),
    ];

    // Of use to a reader only where they are set.
    private static readonly string[] LeftOutWhenNull =
        [nameof(TrainingOptions.ValidationFraction), nameof(TrainingOptions.Patience), nameof(TrainingOptions.MaximumRowsInMemory),
            nameof(SngpOptions.NumberOfDropoutPasses)];

    /// <param name="members">The trained networks; at least one.</param>
    /// <param name="input">What they were trained on.</param>
    /// <param name="options">The trainer's options.</param>
    /// <param name="values">What the training decided.</param>
    public static UncertaintyModel Write(IReadOnlyList<MemberGraph> members, TrainingInput input, SngpOptions options, TrainedValues values)
    {
        var graph = Build(members, input, options);
        var columns = input.Likelihood.Columns(options, input.NumberOfOutputs);
        var metadata = ModelMetadata.Create(options.Method, options.FeatureColumnName, columns, input.Classes,
            Describe(options, input.Likelihood, values));
        return new UncertaintyModel(graph.ToModel("MLNet.Sngp", metadata.LibraryVersion, metadata.ToProperties()));
    }

    /// <summary>One graph of all networks, with the likelihood's columns as its outputs.</summary>
    internal static OnnxGraph Build(IReadOnlyList<MemberGraph> members, TrainingInput input, SngpOptions options)
    {
        var (graph, networks) = Join(members, input, options);
        input.Likelihood.AddColumns(
            graph, Predictions.Join(graph, networks) with
            {
                References = OfEach(members, member => member.VarianceReference),
                Noises = OfEach(members, member => member.Noise),
            }, options, input.NumberOfOutputs, input.Seed);
        foreach (var column in input.Likelihood.Columns(options, input.NumberOfOutputs))
            graph.Graph.Output(column.Name, column.Width, column.ElementType);
        return graph.Graph;
    }

    private static IReadOnlyList<double>? OfEach(IReadOnlyList<MemberGraph> members, Func<MemberGraph, double?> number) =>
        number(members[0]) is null ? null : [.. members.SelectMany(member => member.Values.Select(_ => number(member)!.Value))];

    // A graph of one network goes on; those of several become parts of a new one.
    private static (OnnxGraphBuilder Graph, IReadOnlyList<(string Outputs, string? Variance)> Networks) Join(
        IReadOnlyList<MemberGraph> members, TrainingInput input, SngpOptions options)
    {
        if (members is [var only])
            return (only.Graph, only.Values);
        var graph = new OnnxGraph(options.Method);
        graph.Input(options.FeatureColumnName, input.Rows.NumberOfFeatures);
        var networks = new List<(string, string?)>();
        for (var i = 0; i < members.Count; i++)
        {
            var prefix = FormattableString.Invariant($"member_{i}/");
            graph.Import(members[i].Graph.Graph.Proto, prefix);
            networks.AddRange(
                members[i].Values.Select(value => (prefix + value.Outputs, value.Variance is null ? null : prefix + value.Variance)));
        }
        return (new OnnxGraphBuilder(graph), networks);
    }

    /// <summary>The options in the order of their names, with what the training decided in place of what was left open.</summary>
    private static IEnumerable<KeyValuePair<string, object?>> Describe(
        SngpOptions options, Likelihood likelihood, TrainedValues values)
    {
        var all = OptionReader.Used(options, likelihood).Where(option => !NotOptions.Contains(option.Name))
            .ToDictionary(option => option.Name, option => option.Value);
        foreach (var name in LeftOutWhenNull.Where(name => all.GetValueOrDefault(name) is null))
            all.Remove(name);
        all[nameof(TrainedValues.Seed)] = values.Seed;
        foreach (var (name, value) in values.Choices)
            all[name] = value;
        if (values.Jitter is { } jitter)
            all[nameof(TrainedValues.Jitter)] = jitter;
        if (values.VarianceReference is { } reference)
            all[nameof(TrainedValues.VarianceReference)] = reference;
        if (values.NoiseVariance is { } noise)
            all[nameof(TrainedValues.NoiseVariance)] = noise;
        if (values.BestEpoch is { } epoch)
            all[nameof(TrainedValues.BestEpoch)] = epoch;
        return all.OrderBy(pair => pair.Key, StringComparer.Ordinal);
    }
}
