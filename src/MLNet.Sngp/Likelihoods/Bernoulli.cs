using MLNet.Sngp.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Likelihoods;

/// <summary>True or false: p = softmax of two logits, as in the reference, with the columns that ML.NET's binary metrics take.</summary>
internal sealed class Bernoulli : Categorical
{
    public static new readonly Bernoulli Instance = new();

    public override LabelReader Labels => BooleanLabels.Instance;

    // p₀(1 − p₀) is p₁(1 − p₁): two classes have the same covariance.
    public override int CountPrecisions(PosteriorOptions options, int numberOfOutputs) => 1;

    public override Tensor? Curvature(PosteriorOptions options, Tensor outputs)
    {
        using var scope = NewDisposeScope();
        var curvature = base.Curvature(options, outputs);
        return curvature is null ? null : scope.MoveToOuter(curvature.narrow(1, 0, 1));
    }

    public override IReadOnlyList<OutputColumn> Columns(SngpOptions options, int numberOfOutputs) =>
    [
        new OutputColumn(ColumnNames.PredictedLabel, ColumnKind.Boolean),
        .. Numbers(options).Select(name => new OutputColumn(name, ColumnKind.Single)),
    ];

    public override void AddColumns(OnnxGraphBuilder graph, Predictions predictions, SngpOptions options, int numberOfOutputs, int seed)
    {
        var (each, logits) = ProbabilityNodes.Add(graph, predictions, options.Posterior, numberOfOutputs, seed);
        var probabilities = predictions.AddMean(graph, "binary/probabilities", each);
        if (predictions.Variance is { } variance)
            predictions.AddMean(graph, ColumnNames.Variance, variance);
        if (predictions.Count > 1)
            ClassNodes.AddEnsembleVariance(graph, each, probabilities, numberOfOutputs);
        var logProbabilities = ClassNodes.AddUncertainty(graph, probabilities, numberOfOutputs);
        var (no, yes) = (graph.Constant("binary/false", [0L]), graph.Constant("binary/true", [1L]));
        graph.Node(ColumnNames.Probability, "Gather", [probabilities, yes], ("axis", 1L));
        // The difference of logits is exact where p rounds to 0 or 1; a mean of probabilities has none.
        var source = predictions.Count == 1 && logits is not null ? logits : logProbabilities;
        var ofTrue = graph.Node("binary/logit_of_true", "Gather", [source, yes], ("axis", 1L));
        var ofFalse = graph.Node("binary/logit_of_false", "Gather", [source, no], ("axis", 1L));
        var score = graph.Node(ColumnNames.Score, "Sub", [ofTrue, ofFalse]);
        // Where ML.NET's metrics draw the line.
        graph.Node(ColumnNames.PredictedLabel, "Greater", [score, graph.Constant("binary/zero", [0f], 1)]);
    }

    private static IEnumerable<string> Numbers(SngpOptions options)
    {
        yield return ColumnNames.Probability;
        yield return ColumnNames.Score;
        if (options.Head == NetworkHead.GaussianProcess)
            yield return ColumnNames.Variance;
        if (options.NumberOfPredictions > 1)
            yield return ColumnNames.EnsembleVariance;
        yield return ColumnNames.Uncertainty;
    }
}
