using System.Globalization;
using MLNet.Sngp.Data;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Steps;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Likelihoods;

/// <summary>A number with noise of one size: y = c + s·(f(x) + ε) with ε ~ N(0, ν), c and s the mean and the standard deviation of the
/// training rows' labels.</summary>
/// <remarks>
/// The network learns f by squared error, whatever ν is; ν is estimated once it is trained (<see cref="Training.NoiseEstimate"/>). f has
/// the variance v of the posterior with P = ridge·I + Σ wᵢφᵢφᵢᵀ/ν; Rasmussen and Williams 2006, equation 2.11.
/// </remarks>
internal class Gaussian : Likelihood
{
    /// <summary>As long as no rows are known.</summary>
    public static readonly Gaussian Instance = new(0, 1);

    private static readonly string[] OfClasses =
        [nameof(PosteriorOptions.Likelihood), nameof(PosteriorOptions.Covariance), nameof(PosteriorOptions.MeanFieldFactor),
            nameof(PosteriorOptions.FarRowFactor), nameof(PosteriorOptions.PosteriorSamples)];

    // Of f, in standard deviations, and of v: rows of any finite features get finite numbers for labels of any unit in the range below.
    private const float LargestMean = 1e6f;
    private const float LargestVariance = LargestMean * LargestMean;
    private const double SmallestUnit = 1e-18;
    private const double LargestUnit = 1e12;

    private readonly float _centre;
    private readonly float _unit;

    protected Gaussian(float centre, float unit) => (_centre, _unit) = (centre, unit);

    public override LabelReader Labels => NumberLabels.Instance;

    public override bool HasNoise => true;

    public override double NoiseUnit => (double)_unit * _unit;

    // The loss is half the squared error.
    public override double NoiseOf(double meanLoss) => 2 * meanLoss;

    public override int CountOutputs(int numberOfClasses) => 1;

    public override Likelihood Adapt(RowSource rows, string labelColumnName, Action throwIfCancelled)
    {
        var (mean, deviation) = LabelMoments.Of(rows, throwIfCancelled);
        return deviation is > SmallestUnit and < LargestUnit
            ? With((float)mean, (float)deviation)
            : throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
            $"The label column '{labelColumnName}' has the standard deviation {deviation} in the training rows (those of weight 0 left "
            + $"aside). A regression needs one between {SmallestUnit} and {LargestUnit}; check the column's source, or scale it."));
    }

    // σ² is in units of the prior's variance, 1/ridge.
    public override double VarianceUnit(PosteriorOptions options) => NoiseUnit / options.RidgePenalty;

    /// <summary>½(z − f)² with z = (y − c)/s: −log p(y) at ν = 1, but for a constant.</summary>
    public override Tensor Loss(Tensor outputs, Tensor labels)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Target(labels).sub(outputs.squeeze(1)).pow(HeldScalars.Two).mul(HeldScalars.Half));
    }

    public override bool HasLossStep => true;

    public override LossStep CreateLossStep(int rows, int outputs, StepBuffers buffers) => new SquaredErrorStep(buffers, Target);

    /// <summary>(y − c)/s.</summary>
    public override Tensor Target(Tensor labels)
    {
        using var scope = NewDisposeScope();
        using var shift = (-(double)_centre).ToScalar();
        using var scale = (1.0 / _unit).ToScalar();
        return scope.MoveToOuter(labels.add(shift, HeldScalars.One).mul(scale));
    }

    // What switches them off is what a regression does.
    public override string? WhyIgnored(OptionReader.Option option) => option.Group == nameof(SngpOptions.Posterior)
        && OfClasses.Contains(option.Name) && option.Value is not (null or 0.0) ? "in a regression" : null;

    public override IEnumerable<string> Contradictions(SngpOptions options, int numberOfOutputs)
    {
        if (options.Posterior.CovarianceGathering == CovarianceGathering.Momentum)
            yield return $"{nameof(PosteriorOptions.CovarianceGathering)} is {CovarianceGathering.Momentum}, whose precision is on the "
                + "scale of one row, so that the variance of the mean would not be in the label's units; gather "
                + $"{CovarianceGathering.AfterTraining} or {CovarianceGathering.LastEpoch}.";
    }

    public override IReadOnlyList<OutputColumn> Columns(SngpOptions options, int numberOfOutputs) =>
        [.. Names(options).Select(name => new OutputColumn(name, ColumnKind.Single))];

    /// <summary>The mean and the variance of the mixture of what the networks say, f̄ = Σ fₘ/M and Σ (vₘ + (fₘ − f̄)²)/M beside the noise
    /// Σ νₘ/M, in the label's units, and the interval that a Gaussian of the two variances' sum has.</summary>
    /// <remarks>Lakshminarayanan, Pritzel and Blundell 2017, section 2.4.</remarks>
    public override void AddColumns(OnnxGraphBuilder graph, Predictions predictions, SngpOptions options, int numberOfOutputs, int seed)
    {
        var means = Bounded(graph, "regression/bounded_means", MeanOf(graph, predictions), LargestMean);
        var mean = predictions.AddMean(graph, "regression/mean", means);
        InUnits(graph, ColumnNames.Score, mean);
        var total = graph.Node("regression/noise", "Add", [Nothing(graph, mean), AddNoise(graph, predictions)]);
        graph.Node(ColumnNames.NoiseVariance, "Mul", [total, graph.Constant("regression/squared_unit", [_unit * _unit], 1)]);
        if (AddVariance(graph, predictions with { Outputs = means }, mean, options.Posterior.RidgePenalty) is { } variance)
        {
            graph.Node(ColumnNames.Variance, "Mul", [variance, graph.Constant("regression/squared_unit", [_unit * _unit], 1)]);
            total = graph.Node("regression/total", "Add", [total, variance]);
        }
        var reach = graph.Node("regression/reach", "Mul", [graph.Node("regression/deviation", "Sqrt", [total]),
            graph.Constant("regression/quantile", [(float)Quantile(options.Confidence)], 1)]);
        InUnits(graph, ColumnNames.Lower, graph.Node("regression/lower", "Sub", [mean, reach]));
        InUnits(graph, ColumnNames.Upper, graph.Node("regression/upper", "Add", [mean, reach]));
    }

    /// <summary>q with P(|ε| ≤ q) = <paramref name="confidence"/> for ε ~ N(0, 1).</summary>
    internal static double Quantile(double confidence)
    {
        using var scope = NewDisposeScope();
        return Math.Sqrt(2) * NativeTensor.Of([confidence], [1], CPU).erfinv().item<double>();
    }

    /// <summary>Another of the kind, for the labels of some rows.</summary>
    protected virtual Gaussian With(float centre, float unit) => new(centre, unit);

    /// <summary>fₘ, in the form of the outputs.</summary>
    protected virtual string MeanOf(OnnxGraphBuilder graph, Predictions predictions) => predictions.Outputs;

    /// <summary>Σ νₘ/M: the noise in squared standard deviations, shape [1] or [N, 1].</summary>
    protected virtual string AddNoise(OnnxGraphBuilder graph, Predictions predictions) =>
        graph.Constant("regression/noise_level", [(float)predictions.Noises!.Average()], 1);

    /// <summary>Σ (vₘ + (fₘ − f̄)²)/M, in squared standard deviations; null for one network without a posterior.</summary>
    private static string? AddVariance(OnnxGraphBuilder graph, Predictions predictions, string mean, double ridge)
    {
        // The posterior's own is in units of the prior's, 1/ridge.
        var own = predictions.Variance is { } variance
            ? Bounded(graph, "regression/posterior", graph.Node("regression/unbounded_posterior", "Mul", [
                predictions.AddMean(graph, "regression/scaled_posterior", variance),
                graph.Constant("regression/prior", [(float)(1 / ridge)], 1)]), LargestVariance)
            : null;
        if (predictions.Count == 1)
            return own;
        var deviations = graph.Node("members/deviations", "Sub", [predictions.Outputs, mean]);
        var spread = predictions.AddMean(graph, "members/spread", graph.Node("members/squares", "Mul", [deviations, deviations]));
        return own is null ? spread : graph.Node("regression/variance", "Add", [own, spread]);
    }

    /// <summary>The values within ±limit; what is no number stays none, on which ONNX leaves Clip free.</summary>
    private static string Bounded(OnnxGraphBuilder graph, string name, string value, float limit) =>
        graph.Node(name, "Add", [graph.Clip(name + "/clipped", value, limit), Nothing(graph, value)]);

    // 0, or no number.
    private static string Nothing(OnnxGraphBuilder graph, string value) =>
        graph.Node("regression/nothing", "Mul", [value, graph.Constant("regression/zero", [0f], 1)]);

    private string InUnits(OnnxGraphBuilder graph, string name, string value) => graph.Node(name, "Add",
        [graph.Node(name + "/scaled", "Mul", [value, graph.Constant("regression/unit", [_unit], 1)]),
            graph.Constant("regression/centre", [_centre], 1)]);

    private static IEnumerable<string> Names(SngpOptions options)
    {
        yield return ColumnNames.Score;
        if (options.Head == NetworkHead.GaussianProcess || options.NumberOfPredictions > 1)
            yield return ColumnNames.Variance;
        yield return ColumnNames.NoiseVariance;
        yield return ColumnNames.Lower;
        yield return ColumnNames.Upper;
    }
}
