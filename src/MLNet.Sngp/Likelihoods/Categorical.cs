using MLNet.Sngp.Layers;
using MLNet.Sngp.Steps;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Likelihoods;

/// <summary>One of K classes: p = softmax of K logits.</summary>
internal class Categorical : Likelihood
{
    public static readonly Categorical Instance = new();

    public override LabelReader Labels => KeyLabels.Instance;

    public override int CountOutputs(int numberOfClasses) => numberOfClasses;

    public override Tensor Loss(Tensor outputs, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(nn.functional.cross_entropy(outputs, labels.to(ScalarType.Int64), reduction: nn.Reduction.None));
    }

    public override bool HasLossStep => true;

    public override LossStep CreateLossStep(int rows, int outputs, StepBuffers buffers) => new CrossEntropyStep(rows, outputs, buffers);

    public override int CountPrecisions(PosteriorOptions options, int numberOfOutputs) =>
        options.Covariance == PosteriorCovariance.PerClass ? numberOfOutputs : 1;

    public override Tensor? Curvature(PosteriorOptions options, Tensor outputs) =>
        Likelihoods.Curvature.Of(options.Likelihood, options.Covariance, outputs);

    public override IEnumerable<string> Contradictions(SngpOptions options, int numberOfOutputs)
    {
        if (options.Posterior is { Covariance: PosteriorCovariance.Shared, Likelihood: not GaussianProcessLikelihood.Gaussian
            and var likelihood } && numberOfOutputs != 2)
        {
            yield return $"{nameof(PosteriorOptions.Likelihood)} is {likelihood}, which is for two classes, and the label column "
                + $"'{options.LabelColumnName}' has "
                + $"{numberOfOutputs}. Use {GaussianProcessLikelihood.Gaussian}, or {nameof(PosteriorOptions.Covariance)} "
                + $"{PosteriorCovariance.PerClass}.";
        }
    }

    public override IReadOnlyList<OutputColumn> Columns(SngpOptions options, int numberOfOutputs)
    {
        var perClass = new OutputColumn(ColumnNames.Score, ColumnKind.Single, numberOfOutputs, IsVector: true, HasClassNames: true);
        var variance = CountPrecisions(options.Posterior, numberOfOutputs) > 1 ? perClass : new OutputColumn("", ColumnKind.Single);
        return
        [
            new OutputColumn(ColumnNames.PredictedLabel, ColumnKind.Key, HasClassNames: true),
            perClass,
            .. options.Head == NetworkHead.GaussianProcess ? [variance with { Name = ColumnNames.Variance }] : Array.Empty<OutputColumn>(),
            .. options.NumberOfPredictions > 1
            ? [new OutputColumn(ColumnNames.EnsembleVariance, ColumnKind.Single)]
            : Array.Empty<OutputColumn>(),
            perClass with { Name = ColumnNames.Logits },
            new OutputColumn(ColumnNames.Uncertainty, ColumnKind.Single),
        ];
    }

    public override void AddColumns(OnnxGraphBuilder graph, Predictions predictions, SngpOptions options, int numberOfOutputs, int seed)
    {
        var logits = predictions.AddMean(graph, ColumnNames.Logits, predictions.Outputs);
        var (probabilities, _) = ProbabilityNodes.Add(graph, predictions, options.Posterior, numberOfOutputs, seed);
        var score = predictions.AddMean(graph, ColumnNames.Score, probabilities);
        if (predictions.Variance is { } variance)
            predictions.AddMean(graph, ColumnNames.Variance, variance);
        if (predictions.Count > 1)
            ClassNodes.AddEnsembleVariance(graph, probabilities, score, numberOfOutputs);
        ClassNodes.AddUncertainty(graph, score, numberOfOutputs);
        // One divisor for all classes keeps their order, which single precision can lose in Score.
        var isOrderKept = predictions.Count == 1 && options.Posterior.PosteriorSamples is null
            && CountPrecisions(options.Posterior, numberOfOutputs) == 1;
        ClassNodes.AddPredictedKey(graph, isOrderKept ? logits : score);
    }
}
