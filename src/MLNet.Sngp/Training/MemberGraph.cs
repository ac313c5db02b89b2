using MLNet.Sngp.Layers;

namespace MLNet.Sngp.Training;

/// <summary>A trained network as a graph: from the features to outputs and variances, without the model's columns.</summary>
/// <param name="Graph">The graph, with the feature column as its input.</param>
/// <param name="Values">The values of outputs and variances: one pair, or one for each thinned network.</param>
/// <param name="VarianceReference">The 95 % quantile of σ² over the training rows; null where it is not used.</param>
/// <param name="Noise">ν, the variance of the noise in squared standard deviations of the label; null where there is none.</param>
internal sealed record MemberGraph(
    OnnxGraphBuilder Graph, IReadOnlyList<(string Outputs, string? Variance)> Values, double? VarianceReference = null,
    double? Noise = null);
