using Microsoft.ML;

namespace MLNet.Sngp.Tests.Support;

/// <summary>A trainer of every method and task, with options that train in well under a second.</summary>
internal static class Methods
{
    public const int NumberOfMembers = 3;

    /// <summary>The names of all methods, as models say them.</summary>
    public static IEnumerable<object[]> All => [["Sngp"], .. Others];

    /// <summary>The methods that are compared with SNGP or made of several.</summary>
    public static IEnumerable<object[]> Others =>
        [["Deterministic"], ["MonteCarloDropout"], ["DeepEnsemble"], ["SngpEnsemble"], ["SngpMonteCarloDropout"]];

    /// <summary>Every method with each task.</summary>
    public static IEnumerable<object[]> Tasks =>
        All.SelectMany(method => Enum.GetValues<LearningTask>().Select(task => new[] { method[0], task }));

    public static SngpTrainer Create(MLContext ml, string method, Action<SngpOptions>? configure = null) =>
        Create(ml, method, LearningTask.Multiclass, configure);

    /// <param name="ml">The context.</param>
    /// <param name="method">One of <see cref="All"/>.</param>
    /// <param name="task">Decides which label of <see cref="TwoClusters"/> is learned.</param>
    /// <param name="configure">Changes the options.</param>
    public static SngpTrainer Create(MLContext ml, string method, LearningTask task, Action<SngpOptions>? configure = null)
    {
        var options = Options(method);
        options.LabelColumnName = task switch
        {
            LearningTask.Binary => nameof(TwoClusters.Row.IsHigh),
            LearningTask.Regression => nameof(TwoClusters.Row.Height),
            _ => options.LabelColumnName,
        };
        configure?.Invoke(options);
        return task switch
        {
            LearningTask.Binary => ml.Sngp().Binary(options),
            LearningTask.Regression => ml.Sngp().Regression(options),
            _ => ml.Sngp().Multiclass(options),
        };
    }

    public static SngpOptions Options(string method)
    {
        var options = method switch
        {
            "Sngp" => new SngpOptions(),
            "Deterministic" => SngpOptions.Deterministic(),
            "MonteCarloDropout" => SngpOptions.MonteCarloDropout(5),
            "DeepEnsemble" => SngpOptions.DeepEnsemble(NumberOfMembers),
            "SngpEnsemble" => SngpOptions.SngpEnsemble(NumberOfMembers),
            "SngpMonteCarloDropout" => new SngpOptions { NumberOfDropoutPasses = 4 },
            _ => throw new ArgumentOutOfRangeException(nameof(method), method, null),
        };
        if (options.Head == NetworkHead.GaussianProcess)
            options.GaussianProcess.NumberOfRandomFeatures = 64;
        var mlp = (ResidualMlp)options.Backbone;
        (mlp.NumberOfHiddenLayers, mlp.NumberOfHiddenUnits) = (2, 16);
        (options.Training.NumberOfEpochs, options.Training.BatchSize, options.Training.Device, options.Seed) =
            (3, 16, TrainingDevice.Cpu, 1);
        return options;
    }
}
