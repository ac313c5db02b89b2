using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Tests.Support;

/// <summary><see cref="TwoClusters"/> with a Boolean label: true for the cluster around (1, 1).</summary>
internal static class TwoClasses
{
    public sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public bool Label { get; set; }

        public float Weight { get; set; } = 1;
    }

    public sealed class Prediction
    {
        public bool PredictedLabel { get; set; }

        public float Probability { get; set; }

        public float Score { get; set; }

        public float Variance { get; set; }

        public float Uncertainty { get; set; }
    }

    public static Row[] Rows(int count, int seed = 1) =>
        Array.ConvertAll(TwoClusters.Rows(count, seed), row => new Row { Features = row.Features, Label = row.Label == "high" });

    public static IDataView Load(MLContext ml, int count, int seed = 1) => ml.Data.LoadFromEnumerable(Rows(count, seed));

    public static SngpTransformer Train(MLContext ml, int epochs = 3, int rows = 100) =>
        ml.Sngp().Binary(TwoClusters.QuickOptions(epochs)).Fit(Load(ml, rows));

    public static Prediction[] Predict(MLContext ml, ITransformer model, IEnumerable<Row> rows) =>
        [.. ml.Data.CreateEnumerable<Prediction>(model.Transform(ml.Data.LoadFromEnumerable(rows)), reuseRowObject: false)];
}
