using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Data;

/// <summary>How features are centred and scaled in the model.</summary>
[TestClass]
public sealed class FeatureMomentsTests
{
    private readonly MLContext _ml = new(seed: 1);

    [TestMethod]
    public void ADenseColumnHasItsMeanAndDeviation()
    {
        var (centre, scale) = Moments([50_001, 50_003, 50_003, 50_005]);
        Assert.AreEqual(50_003, centre, 1e-9);
        Assert.AreEqual(1 / Math.Sqrt(2), scale, 1e-9);
    }

    [TestMethod]
    public void WeightsCountAsRows()
    {
        var (centre, scale) = Moments([1, 4, 7], [1, 2, 1]);
        Assert.AreEqual(4, centre, 1e-9);
        Assert.AreEqual(1 / Math.Sqrt(4.5), scale, 1e-9);
    }

    [TestMethod]
    public void ARareValueIsScaledAsOneOfTwentyRows()
    {
        var (centre, scale) = Moments([3, .. Enumerable.Repeat(0f, 999)]);
        Assert.AreEqual(0.003, centre, 1e-9);
        Assert.AreEqual(1 / (3 * Math.Sqrt(0.05 * 0.95)), scale, 1e-9);
    }

    [TestMethod]
    [DataRow(0f, 1.0)]
    [DataRow(-4f, 4.0)]
    [DataRow(1e-40f, 1.0)]
    public void AColumnOfOneValueMovesARowFarWhenItChanges(float value, double unit) =>
        Assert.AreEqual(5 * Math.Sqrt(2) / unit, Moments([value, value, value]).Scale, 1e-9);

    [TestMethod]
    public void FeaturesOfAnyScaleGiveTheSameModelAsNormalizedOnes()
    {
        var rows = TwoClusters.Rows(200);
        var raw = rows.Select(row => new TwoClusters.Row { Label = row.Label, Features = [50_000 + (10_000 * row.Features[0]),
            0.01f * row.Features[1]] }).ToArray();
        var scored = Score(raw, normalizes: true, null);
        var normalized = Score(raw, normalizes: false, _ml.Transforms.NormalizeMeanVariance("Features", fixZero: false));
        for (var row = 0; row < raw.Length; row++)
        {
            Assert.AreEqual(normalized[row].Variance, scored[row].Variance, 1e-3f);
            Assert.AreEqual(normalized[row].Score[0], scored[row].Score[0], 1e-3f);
        }
    }

    [TestMethod]
    public void AChangedConstantIsFarAway()
    {
        var rows = TwoClusters.Rows(200).Select(row => new Wide { Label = row.Label, Features = [.. row.Features, 5] }).ToArray();
        var data = _ml.Data.LoadFromEnumerable(rows);
        var model = _ml.Transforms.Conversion.MapValueToKey("Label").Append(_ml.Sngp().Multiclass(TwoClusters.QuickOptions(20))).Fit(data);
        foreach (var row in rows)
            row.Features[2] = 6;
        var changed = model.Transform(_ml.Data.LoadFromEnumerable(rows));
        var expected = model.Transform(_ml.Data.LoadFromEnumerable(
            rows.Select(row => new Wide { Label = row.Label, Features = [row.Features[0], row.Features[1], 5] })));
        Assert.IsGreaterThan(
            expected.GetColumn<float>("Variance").Max(), changed.GetColumn<float>("Variance").Min());
    }

    private static (double Centre, double Scale) Moments(float[] values, float[]? weights = null)
    {
        var table = new TrainingTable(1, weights != null);
        for (var row = 0; row < values.Length; row++)
        {
            table.NextRow()[0] = values[row];
            table.Keep(0, weights?[row] ?? 1);
        }
        var moments = FeatureMoments.Of(table, () => { });
        return (moments.Centre[0], moments.Scale[0]);
    }

    private List<Scored> Score(TwoClusters.Row[] rows, bool normalizes, IEstimator<ITransformer>? normalizer)
    {
        var data = TwoClusters.Load(_ml, rows);
        if (normalizer is not null)
            data = normalizer.Fit(data).Transform(data);
        var options = TwoClusters.QuickOptions(10);
        ((ResidualMlp)options.Backbone).NormalizeFeatures = normalizes;
        using var model = _ml.Sngp().Multiclass(options).Fit(data);
        return [.. _ml.Data.CreateEnumerable<Scored>(model.Transform(data), reuseRowObject: false)];
    }

    private sealed class Wide
    {
        [VectorType(3)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }

    private sealed class Scored
    {
        public float Variance { get; set; }

        public float[] Score { get; set; } = [];
    }
}
