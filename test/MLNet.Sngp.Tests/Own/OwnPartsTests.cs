using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Contracts;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;

namespace MLNet.Sngp.Tests.Own;

/// <summary>A backbone and a likelihood that the library knows nothing of, each one file, train, go on from a checkpoint, export, save and
/// score as its own do.</summary>
[TestClass]
public class OwnPartsTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void TheyTrainAndScore()
    {
        using var model = Fit(Options());
        var scored = model.Transform(Table(100, seed: 2));
        var rates = scored.GetColumn<float>("Rate").ToArray();
        var truth = scored.GetColumn<float>("Expected").ToArray();
        // A rate of 3 on one side and of 0.5 on the other.
        Assert.IsGreaterThan(0.9, Correlation(rates, truth));
        CollectionAssert.AreEqual(rates.Select(rate => rate < 1).ToArray(), scored.GetColumn<bool>("IsRare").ToArray());
        Assert.IsTrue(scored.GetColumn<float>("Variance").All(variance => variance is > 0 and < 2));
        foreach (var (rate, log) in rates.Zip(scored.GetColumn<float[]>("LogRate")))
            Assert.AreEqual(rate, MathF.Exp(log.Single()), 1e-5f * rate);
    }

    [TestMethod]
    public void TheTransformerKeepsMLNetsContractAndThePromise()
    {
        var host = Host(Options());
        using var model = new SngpTransformer(_ml, host.Fit(Table(60), null));
        TransformerContract.Check(model, Table(40, seed: 3), 40);
        var shape = _ml.Transforms.CustomMapping<Nothing, Row>((_, _) => { }, null).GetOutputSchema(new SchemaShape([]));
        TransformerContract.CheckPromise(host.GetOutputSchema(shape), model.GetOutputSchema(Table(1).Schema));
        Assert.AreEqual(0, model.Model.NumberOfClasses);
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void TheyGoOnFromACheckpoint(int members)
    {
        using var folder = new TemporaryFolder();
        var options = Options();
        options.NumberOfMembers = members;
        options.Training.LearningRateSchedule = LearningRateSchedule.Constant;
        var whole = Bytes(options);
        options.Training.CheckpointPath = folder.File("state");
        options.Training.NumberOfEpochs = 4;
        _ = Bytes(options);
        options.Training.NumberOfEpochs = 10;
        CollectionAssert.AreEqual(whole, Bytes(options));
    }

    [TestMethod]
    public void TheyAreSavedAndExported()
    {
        using var model = Fit(Options());
        var table = Table(50, seed: 4);
        using var onnx = new MemoryStream();
        model.SaveAsOnnx(onnx);
        OnnxRun.Keep(onnx.ToArray(), "own-parts");
        var alone = OnnxRun.Run(onnx.ToArray(), table);
        CollectionAssert.AreEqual(model.Transform(table).GetColumn<float>("Rate").ToArray(), ((float[])alone["Rate"]).ToArray());
        using var zip = new MemoryStream();
        _ml.Model.Save(model, table.Schema, zip);
        foreach (var load in new Func<ITransformer>[] { () => _ml.Model.Load(zip, out _), () => _ml.Sngp().Load(zip, out _) })
        {
            zip.Position = 0;
            var loaded = load();
            CollectionAssert.AreEqual(
                DataViewReader.Describe(model.Transform(table).Schema), DataViewReader.Describe(loaded.Transform(table).Schema));
            foreach (var column in new[] { "Rate", "Variance" })
            {
                foreach (var (expected, actual) in model.Transform(table).GetColumn<float>(column).Zip(
                    loaded.Transform(table).GetColumn<float>(column)))
                    Assert.AreEqual(expected, actual, 1e-6f);
            }
            (loaded as IDisposable)?.Dispose();
        }
    }

    [TestMethod]
    public void BadLabelsAndShapesAreRefused()
    {
        var rows = Rows(20, 1);
        rows[7].Label = 1.5f;
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Host(Options()).Fit(_ml.Data.LoadFromEnumerable(rows), null));
        Assert.Contains("Row 7", error.Message);
        Assert.Contains("counts are whole numbers", error.Message);
        Assert.Contains("must be a Single", Assert.ThrowsExactly<ArgumentOutOfRangeException>(
            () => Host(Options()).Fit(TwoClusters.Load(_ml, TwoClusters.Rows(20)), null)).Message);
    }

    [TestMethod]
    public void AValidationSplitNeedsNoClasses()
    {
        var options = Options();
        (options.Training.ValidationFraction, options.Training.NumberOfEpochs) = (0.25, 40);
        using var model = Fit(options);
        Assert.IsTrue(model.Model.Options.ContainsKey("BestEpoch"));
    }

    private static SngpOptions Options() => new()
    {
        Backbone = new ScaledBackbone(),
        GaussianProcess = { NumberOfRandomFeatures = 64 },
        Training = { NumberOfEpochs = 10, BatchSize = 16, LearningRate = 0.02, Device = TrainingDevice.Cpu },
        Seed = 1,
    };

    private SngpTransformer Fit(SngpOptions options) => new(_ml, Host(options).Fit(Table(200), null));

    private byte[] Bytes(SngpOptions options)
    {
        byte[] bytes = [];
        ModelBytes.WithOneThread(() => bytes = ModelBytes.Of(Fit(options)));
        return bytes;
    }

    private TrainerHost Host(SngpOptions options) => new(_ml, "Counts", options, new CountLikelihood());

    private IDataView Table(int count, int seed = 1) => _ml.Data.LoadFromEnumerable(Rows(count, seed));

    private static Row[] Rows(int count, int seed)
    {
        var random = new SeededRandom(seed, RandomPurpose.RowOrder);
        return [.. Enumerable.Range(0, count).Select(i =>
        {
            var side = i % 2 == 0 ? -1 : 1;
            var rate = side < 0 ? 0.5f : 3;
            // Knuth's way to draw from a Poisson distribution.
            var label = -1;
            for (var product = 1.0; product > Math.Exp(-rate); product *= random.NextDouble())
                label++;
            return new Row { Features = [side + (0.3f * (float)random.NextGaussian()), (float)random.NextGaussian()], Label = label,
                Expected = rate };
        })];
    }

    private static double Correlation(float[] left, float[] right)
    {
        double x = left.Average(), y = right.Average();
        var covariance = left.Zip(right).Sum(pair => (pair.First - x) * (pair.Second - y));
        return covariance / Math.Sqrt(left.Sum(value => Math.Pow(value - x, 2)) * right.Sum(value => Math.Pow(value - y, 2)));
    }

    private sealed class Row
    {
        [VectorType(2)]
        public float[] Features { get; set; } = [];

        public float Label { get; set; }

        public float Expected { get; set; }
    }

    private sealed class Nothing;
}
