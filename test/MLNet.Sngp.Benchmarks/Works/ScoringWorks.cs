using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Benchmarks.Data;
using MLNet.Sngp.Benchmarks.Measuring;

namespace MLNet.Sngp.Benchmarks.Works;

/// <summary>Scoring with probabilities and variance, through the table, row by row, and by ML.NET's own transformer.</summary>
internal static class ScoringWorks
{
    private const int RowsAtOnce = 100;

    public static Figure Batches(WorkSettings settings, string model)
    {
        var context = new MLContext(1);
        using var transformer = ScoredModels.Load(context, settings, model);
        var table = Tables.Load(context, Tables.Points(settings.Rows), 2, 2);
        var scores = new ScoreReader<float>();
        return Rate(settings, () => scores.Read(transformer.Transform(table)));
    }

    /// <summary><c>ApplyOnnxModel</c> on the same file; it gives a number as a vector of one.</summary>
    public static Figure Stock(WorkSettings settings, string model)
    {
        var context = new MLContext(1);
        var table = Tables.Load(context, Tables.Points(settings.Rows), 2, 2);
        using var transformer = context.Transforms.ApplyOnnxModel(ScoredModels.Path(settings, model)).Fit(table);
        var scores = new ScoreReader<VBuffer<float>>();
        return Rate(settings, () => scores.Read(transformer.Transform(table)));
    }

    public static Figure Grid(WorkSettings settings, string model)
    {
        var context = new MLContext(1);
        using var transformer = ScoredModels.Load(context, settings, model);
        var table = Tables.Load(context, Tables.Grid(), 2, 2);
        var scores = new ScoreReader<float>();
        return new Figure(Repeated.MedianSeconds(() => scores.Read(transformer.Transform(table)), settings.Seconds), "s");
    }

    /// <summary>A prediction engine on one point after the other.</summary>
    public static Figure Row(WorkSettings settings, string model)
    {
        var context = new MLContext(1);
        using var transformer = ScoredModels.Load(context, settings, model);
        using var engine =
            context.Model.CreatePredictionEngine<FeatureRow, Prediction>(transformer, inputSchemaDefinition: Tables.Schema(2, 2));
        var points = Tables.Points(RowsAtOnce);
        var prediction = new Prediction();
        var seconds = Repeated.MedianSeconds(Predict, settings.Seconds);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 10; i++)
            Predict();
        var bytes = (GC.GetAllocatedBytesForCurrentThread() - before) / (10.0 * RowsAtOnce);
        return new Figure(seconds / RowsAtOnce * 1000, "ms", new Dictionary<string, double> { ["allocatedBytesPerRow"] = bytes });

        void Predict()
        {
            foreach (var point in points)
                engine.Predict(point, ref prediction);
        }
    }

    private static Figure Rate(WorkSettings settings, Action pass) =>
        new(settings.Rows / Repeated.MedianSeconds(pass, settings.Seconds), "rows/s");
}
