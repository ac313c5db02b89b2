using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp;

namespace TwoMoons;

/// <summary>Trains one method on one seed's data, measures, and exports.</summary>
internal sealed class Experiment(Settings settings, Method method, int seed)
{
    private readonly MLContext _ml = new(seed);
    private readonly MoonPoint[] _train = MoonsData.Train(seed);
    private readonly MoonPoint[] _outOfDomain = MoonsData.OutOfDomain(seed);

    /// <summary>What the method says of the grid's points; empty before <see cref="Run"/>.</summary>
    public IReadOnlyList<ScoredPoint> Grid { get; private set; } = [];

    /// <summary>Leaves the ONNX file, named as the method, in the output folder and, when asked, the two figures.</summary>
    public SeedMetrics Run(bool drawFigures, string figurePrefix = "")
    {
        var stopwatch = Stopwatch.StartNew();
        using TransformerChain<SngpTransformer> model = Train();
        double trainSeconds = stopwatch.Elapsed.TotalSeconds;

        MoonPoint[] grid = MoonsData.Grid();
        stopwatch.Restart();
        ScoredPoint[] scoredGrid = Score(model, grid);
        double scoreGridSeconds = stopwatch.Elapsed.TotalSeconds;
        Grid = scoredGrid;

        string onnxPath = Path.Combine(settings.Output, method.Name + ".onnx");
        model.LastTransformer.SaveAsOnnx(onnxPath);
        if (drawFigures)
            DrawFigures(scoredGrid, figurePrefix);

        IDataView test = model.Transform(_ml.Data.LoadFromEnumerable(MoonsData.Test(seed)));
        UncertaintyMetrics quality = _ml.Sngp().Evaluate(test);
        ScoredPoint[] inside = Rows(test), outside = Score(model, _outOfDomain);
        return new SeedMetrics
        {
            Method = method.Title,
            Seed = seed,
            Accuracy = quality.Accuracy,
            LogLoss = quality.LogLoss,
            Ece = quality.ExpectedCalibrationError,
            Brier = quality.BrierScore,
            AurocVariance = Auroc(inside, outside, point => point.OwnVariance()),
            AurocUncertainty = Auroc(inside, outside, point => point.BernoulliVariance()),
            MeanVarianceTrain = Score(model, _train).Average(point => (double)point.OwnVariance()),
            MeanVarianceOutOfDomain = outside.Average(point => (double)point.OwnVariance()),
            OnnxMaxDifference = OnnxScorer.LargestDifference(onnxPath, grid, scoredGrid),
            TrainSeconds = trainSeconds,
            ScoreGridSeconds = scoreGridSeconds,
            ModelBytes = new FileInfo(onnxPath).Length,
            Calibrated = settings.Tutorial ? Calibrate(model) : null,
        };
    }

    /// <summary>The tutorial's learning rate leaves the model under-confident; temperature and mean-field factor mend that.</summary>
    private CalibratedMetrics Calibrate(TransformerChain<SngpTransformer> model)
    {
        IDataView validation = _ml.Data.LoadFromEnumerable(MoonsData.Validation(seed));
        using SngpTransformer last = _ml.Sngp().Calibrate().Fit(model.Transform(validation));
        TransformerChain<SngpTransformer> calibrated = model.Append(last);
        CalibrationReport report = last.Calibration!;
        IDataView test = calibrated.Transform(_ml.Data.LoadFromEnumerable(MoonsData.Test(seed)));
        UncertaintyMetrics quality = _ml.Sngp().Evaluate(test);
        ScoredPoint[] inside = Rows(test), outside = Score(calibrated, _outOfDomain);
        return new CalibratedMetrics(
            report.Temperature,
            report.MeanFieldFactor,
            quality.LogLoss,
            quality.ExpectedCalibrationError,
            Auroc(inside, outside, point => point.BernoulliVariance()),
            outside.Average(point => point.BernoulliVariance()));
    }

    private TransformerChain<SngpTransformer> Train()
    {
        using ProgressBar? progress = ProgressBar.OnTerminal($"{method.Title}, seed {seed}");
        var trainer = method.Create(_ml.Sngp(), new SharedOptions(seed, settings.Tutorial, progress));

        var pipeline = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.Concatenate("Features", nameof(MoonPoint.X), nameof(MoonPoint.Y)))
            .Append(trainer);
        return pipeline.Fit(_ml.Data.LoadFromEnumerable(_train));
    }

    private void DrawFigures(ScoredPoint[] grid, string prefix)
    {
        SurfaceFigure.Write(
            Path.Combine(settings.Output, prefix + "class-probability.svg"),
            $"Class Probability, {method.Title}",
            "probability of class 0",
            [.. grid.Select(point => (double)point.Score[0])],
            _train,
            _outOfDomain);

        double largest = grid.Max(point => point.BernoulliVariance());
        SurfaceFigure.Write(
            Path.Combine(settings.Output, prefix + "predictive-uncertainty.svg"),
            $"Predictive Uncertainty, {method.Title}",
            "p₀·p₁, relative to its maximum",
            [.. grid.Select(point => point.BernoulliVariance() / largest)],
            _train,
            _outOfDomain);
    }

    private ScoredPoint[] Score(ITransformer model, IEnumerable<MoonPoint> points)
        => Rows(model.Transform(_ml.Data.LoadFromEnumerable(points)));

    private ScoredPoint[] Rows(IDataView scored)
        => [.. _ml.Data.CreateEnumerable<ScoredPoint>(scored, reuseRowObject: false, ignoreMissingColumns: true)];

    private static double Auroc(ScoredPoint[] inside, ScoredPoint[] outside, Func<ScoredPoint, double> score)
        => OutOfDomainMetrics.Compute([.. inside.Select(score)], [.. outside.Select(score)]).AreaUnderRocCurve;
}
