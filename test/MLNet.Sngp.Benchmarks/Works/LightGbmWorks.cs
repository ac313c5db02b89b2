using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Trainers.LightGbm;
using MLNet.Sngp.Benchmarks.Data;
using MLNet.Sngp.Benchmarks.Measuring;

namespace MLNet.Sngp.Benchmarks.Works;

/// <summary>ML.NET's LightGBM with its defaults on the same table: what a user would pick instead. It has no variance.</summary>
internal static class LightGbmWorks
{
    private const int RowsAtOnce = 100;

    public static Figure Train(WorkSettings settings)
    {
        var context = new MLContext(1);
        var table = Tables.Moons(context);
        Fit(context, table);
        return new Figure(Repeated.Seconds(() => Fit(context, table)), "s");
    }

    public static Figure Batches(WorkSettings settings)
    {
        var context = new MLContext(1);
        var model = Fit(context, Tables.Moons(context));
        var table = Tables.Load(context, Tables.Points(settings.Rows), 2, 2);
        return new Figure(settings.Rows / Repeated.MedianSeconds(() => Read(model.Transform(table)), settings.Seconds), "rows/s");
    }

    public static Figure Row(WorkSettings settings)
    {
        var context = new MLContext(1);
        var model = Fit(context, Tables.Moons(context));
        using var engine = context.Model.CreatePredictionEngine<FeatureRow, ScoreOnly>(model, inputSchemaDefinition: Tables.Schema(2, 2));
        var points = Tables.Points(RowsAtOnce);
        var prediction = new ScoreOnly();
        return new Figure(Repeated.MedianSeconds(Predict, settings.Seconds) / RowsAtOnce * 1000, "ms");

        void Predict()
        {
            foreach (var point in points)
                engine.Predict(point, ref prediction);
        }
    }

    private static ITransformer Fit(MLContext context, IDataView table) =>
        context.MulticlassClassification.Trainers.LightGbm(new LightGbmMulticlassTrainer.Options { Seed = 1 }).Fit(table);

    private static void Read(IDataView scored)
    {
        var score = default(VBuffer<float>);
        using var cursor = scored.GetRowCursor([scored.Schema["Score"]]);
        var getter = cursor.GetGetter<VBuffer<float>>(scored.Schema["Score"]);
        while (cursor.MoveNext())
            getter(ref score);
    }

    private sealed class ScoreOnly
    {
        public VBuffer<float> Score { get; set; }
    }
}
