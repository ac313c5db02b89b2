using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNet.Sngp;
using TwoMoons;

namespace Images;

/// <summary>Trains a method on a task and scores all its images.</summary>
internal sealed class Experiment
{
    private readonly MLContext _ml;
    private readonly ImageTask _task;
    private readonly Method _method;
    private readonly ITransformer _model;
    private readonly int _seed;
    private readonly double _seconds;
    private readonly Dictionary<Picture[], IDataView> _scored = [];

    private Experiment(MLContext ml, ImageTask task, Method method, ITransformer model, int seed, double seconds) =>
        (_ml, _task, _method, _model, _seed, _seconds) = (ml, task, method, model, seed, seconds);

    /// <summary>Trains.</summary>
    public static Experiment Run(ImageTask task, Method method, int seed)
    {
        var ml = new MLContext(seed);
        SngpOptions options = method.Options();
        (options.FeatureColumnName, options.Seed) = (nameof(Picture.Pixels), seed);
        if (task.ArePhotographs)
            (options.Training.RandomCropPadding, options.Training.RandomHorizontalFlip) = (2, true);
        using var bar = ProgressBar.OnTerminal(method.Name);
        options.Training.Progress = bar;
        var pipeline = ml.Transforms.Conversion
            .MapValueToKey("Label", keyOrdinality: ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
            .Append(ml.Sngp().Multiclass(options))
            .Append(ml.Transforms.Conversion.MapKeyToValue("Class", "PredictedLabel"));
        var clock = Stopwatch.StartNew();
        var model = pipeline.Fit(task.Table(ml, task.Train));
        return new Experiment(ml, task, method, model, seed, clock.Elapsed.TotalSeconds);
    }

    /// <summary>Quality on the test images, and how well each other set is told from them.</summary>
    public MethodMetrics Measure()
    {
        IDataView test = Score(_task.Test);
        UncertaintyMetrics quality = _ml.Sngp().Evaluate(test);
        return new MethodMetrics(_method.Name, _seed, quality.Accuracy, quality.LogLoss, quality.ExpectedCalibrationError,
            Detection(_method.Column), Detection("Uncertainty"), _seconds);

        Dictionary<string, double> Detection(string column) => _task.OutOfDomain.ToDictionary(
            set => set.Name, set => _ml.Sngp().EvaluateOutOfDomain(test, Score(set.Pictures), column).AreaUnderRocCurve);
    }

    /// <summary>The reliability diagram on the test images.</summary>
    public ReliabilityDiagram Reliability() => _ml.Sngp().Evaluate(Score(_task.Test)).ReliabilityDiagram;

    /// <summary>The column that tells of the distance, of each image.</summary>
    public double[] Distances(Picture[] pictures) => [.. Score(pictures).GetColumn<float>(_method.Column).Select(value => (double)value)];

    /// <summary>Each image with what the model says of it.</summary>
    public ScoredPicture[] Scored(Picture[] pictures)
    {
        IDataView values = _ml.Transforms.Conversion.MapKeyToValue("Label").Fit(Score(pictures)).Transform(Score(pictures));
        return [.. _ml.Data.CreateEnumerable<ScoredPicture>(values, reuseRowObject: false)];
    }

    // Each set is scored once, whatever is asked of it.
    private IDataView Score(Picture[] pictures)
    {
        if (!_scored.TryGetValue(pictures, out IDataView? scored))
            _scored[pictures] = scored = _ml.Data.Cache(_model.Transform(_task.Table(_ml, pictures)));
        return scored;
    }
}
