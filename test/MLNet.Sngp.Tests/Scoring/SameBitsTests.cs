using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Tests.Scoring;

/// <summary>Score, Logits and Variance of a row are the same numbers, to the last bit, whatever stands beside it.</summary>
/// <remarks>
/// With a number of random features that is a multiple of 4: ONNX Runtime takes the cosine, and the logarithm in Uncertainty, of the last
/// one to three elements of a batch by other means than of those that fill a processor's vector, with another last bit.
/// </remarks>
[TestClass]
public sealed class SameBitsTests
{
    private const int Rows = 1500;

    [TestMethod]
    [DataRow(3, 23, 512, PosteriorCovariance.Shared, 1e-5, true)]
    [DataRow(3, 24, 512, PosteriorCovariance.Shared, 0.0, false)]
    [DataRow(10, 23, 92, PosteriorCovariance.Shared, 1e-5, true)]
    [DataRow(7, 24, 44, PosteriorCovariance.PerClass, 0.0, false)]
    [DataRow(7, 24, 256, PosteriorCovariance.PerClass, 1e-5, false)]
    public void RowsAloneAndInBatchesOfAnySizeGetTheSame(
        int classes, int units, int randomFeatures, PosteriorCovariance covariance, double tolerance, bool normalize)
    {
        var context = new MLContext(1);
        var options = new SngpOptions
        {
            Seed = 1,
            Backbone = new ResidualMlp { NumberOfHiddenLayers = 2, NumberOfHiddenUnits = units },
            GaussianProcess = { NumberOfRandomFeatures = randomFeatures, NormalizeGpInput = normalize
            ? GpInputNormalization.DirectionAndLength
            : GpInputNormalization.None },
            Posterior = { Covariance = covariance, VarianceTolerance = tolerance },
            Training = { NumberOfEpochs = 2 },
        };
        var rows = Table(classes);
        var table = context.Transforms.Conversion.MapValueToKey("Label").Fit(context.Data.LoadFromEnumerable(rows))
            .Transform(context.Data.LoadFromEnumerable(rows));
        using var model = context.Sngp().Multiclass(options).Fit(table);
        var whole = Numbers(context, model.Transform(table), covariance);
        // Other batches, and other places in them.
        foreach (var skipped in new[] { 1, 2, 3, 63, 700 })
        {
            var others = Numbers(context, model.Transform(context.Data.SkipRows(table, skipped)), covariance);
            for (var row = skipped; row < Rows; row++)
                Assert.AreEqual(whole[row], others[row - skipped], $"row {row}, {skipped} skipped");
        }
        for (var row = 0; row < 40; row++)
            Assert.AreEqual(whole[row + 1], Numbers(
                context, model.Transform(context.Data.TakeRows(context.Data.SkipRows(table, row + 1), 1)), covariance)[0],
                $"row {row + 1} alone");
        foreach (var (row, numbers) in OneByOne(model, table, covariance).Take(100).Index())
            Assert.AreEqual(whole[row], numbers, $"row {row} of a row mapper");
    }

    private static List<string> Numbers(MLContext context, IDataView scored, PosteriorCovariance covariance)
    {
        using var cursor = scored.GetRowCursor(scored.Schema);
        var read = Reader(cursor, scored.Schema, covariance);
        var all = new List<string>();
        while (cursor.MoveNext())
            all.Add(read());
        return all;
    }

    private static IEnumerable<string> OneByOne(SngpTransformer model, IDataView table, PosteriorCovariance covariance)
    {
        var mapper = model.GetRowToRowMapper(table.Schema);
        using var cursor = table.GetRowCursor(table.Schema);
        using var row = mapper.GetRow(cursor, mapper.OutputSchema);
        var read = Reader(row, mapper.OutputSchema, covariance);
        while (cursor.MoveNext())
            yield return read();
    }

    private static Func<string> Reader(DataViewRow row, DataViewSchema schema, PosteriorCovariance covariance)
    {
        var vectors = new[] { "Score", "Logits" }.Concat(covariance == PosteriorCovariance.PerClass ? ["Variance"] : Array.Empty<string>())
            .Select(name => row.GetGetter<VBuffer<float>>(schema[name])).ToArray();
        var variance = covariance == PosteriorCovariance.Shared ? row.GetGetter<float>(schema["Variance"]) : null;
        return () =>
        {
            var bits = new List<int>();
            foreach (var getter in vectors)
            {
                VBuffer<float> vector = default;
                getter(ref vector);
                bits.AddRange(vector.DenseValues().Select(BitConverter.SingleToInt32Bits));
            }
            float number = 0;
            variance?.Invoke(ref number);
            bits.Add(BitConverter.SingleToInt32Bits(number));
            return string.Join(' ', bits);
        };
    }

    private static Row[] Table(int classes)
    {
        var random = new Random(1);
        return [.. Enumerable.Range(0, Rows).Select(i =>
            new Row { Label = i % classes, Features =
            [.. Enumerable.Range(0, 3).Select(_ => (float)random.NextDouble() * 4 - 2 + i % classes)] })];
    }

    private sealed class Row
    {
        public int Label { get; set; }

        [VectorType(3)]
        public float[] Features { get; set; } = [];
    }
}
