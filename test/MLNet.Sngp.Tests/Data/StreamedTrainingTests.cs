using MLNet.Sngp.Layers;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Data;

/// <summary>Training with fewer rows in memory than the table has.</summary>
[TestClass]
public class StreamedTrainingTests
{
    private readonly MLContext _ml = new(1);

    internal static SngpMulticlassTrainer Trainer(int? maximumRowsInMemory, Action<SngpOptions>? configure = null)
    {
        var options = TwoClusters.QuickOptions(epochs: 2);
        options.Training.MaximumRowsInMemory = maximumRowsInMemory;
        configure?.Invoke(options);
        return new MLContext(1).Sngp().Multiclass(options);
    }

    [TestMethod]
    [DynamicData(nameof(Methods.All), typeof(Methods))]
    public void EveryMethodTrainsOnAStream(string method)
    {
        var view = new GeneratedView(150, 3) { Features = Cluster };
        using var model = (IDisposable)Methods.Create(_ml, method, options =>
            (options.Training.MaximumRowsInMemory, options.Training.NumberOfEpochs, options.Training.LearningRate) = (40, 10, 0.01))
            .Fit(view);
        var scored = ((ITransformer)model).Transform(view);
        Assert.IsTrue(_ml.MulticlassClassification.Evaluate(scored).MicroAccuracy > 0.95);
        ((IDisposable)model).Dispose();
        Assert.AreEqual(0, view.OpenCursors);
    }

    [TestMethod]
    public void ABinaryTrainerTrainsOnAStream()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 150)
            .Select(row => new BinaryRow { Label = row % 2 == 1, Features = [row % 2 * 4 - 2, 1] }));
        using var model = _ml.Sngp().Binary(
            new SngpOptions { Seed = 1, Backbone = new ResidualMlp { NumberOfHiddenUnits = 16 }, GaussianProcess =
            { NumberOfRandomFeatures = 64 }, Training =
            { MaximumRowsInMemory = 40, BatchSize = 16, NumberOfEpochs = 10, LearningRate = 0.01 } }).Fit(data);
        Assert.AreEqual(1.0, _ml.BinaryClassification.Evaluate(model.Transform(data)).Accuracy);
    }

    [TestMethod]
    public void ATableThatFitsGivesTheSameModelAsWithoutALimit()
    {
        var view = new GeneratedView(90, 3) { Features = Cluster };
        using var expected = Trainer(null).Fit(view);
        using var actual = Trainer(90).Fit(view);
        Assert.AreEqual(2, view.OpenedCursors);
        CollectionAssert.AreEqual(Scores(expected, view), Scores(actual, view));
    }

    [TestMethod]
    public void AStreamIsReadToCheckItForMomentsRulesTheScaleEachEpochThePosteriorAndItsReference()
    {
        var view = new GeneratedView(90, 3) { Features = Cluster };
        using var model = Trainer(40).Fit(view);
        Assert.AreEqual(1 + 1 + 1 + 1 + 2 + 1 + 1, view.OpenedCursors);
    }

    [TestMethod]
    public void TheSameSeedGivesTheSameModel()
    {
        var view = new GeneratedView(90, 3) { Features = Cluster };
        using var first = Trainer(40).Fit(view);
        using var second = Trainer(40).Fit(view);
        using var other = Trainer(39).Fit(view);
        CollectionAssert.AreEqual(Scores(first, view), Scores(second, view));
        CollectionAssert.AreNotEqual(Scores(first, view), Scores(other, view));
    }

    [TestMethod]
    public void ThePosteriorIsExactOverAllRows()
    {
        using var scope = NewDisposeScope();
        var options = TwoClusters.QuickOptions();
        var view = new GeneratedView(3000, 3) { Features = Cluster, Weight = row => row % 3 };
        var network = TestNetwork.Create(3, 2, 8, 2, options, 1, 2);
        var (expected, actual) = (new PosteriorGathering(network, options), new PosteriorGathering(network, options));
        expected.AfterTraining(SourceRows.Of(view, null));
        actual.AfterTraining(SourceRows.Of(view, 50));
        Assert.IsTrue(allclose(expected.Posterior.Precision, actual.Posterior.Precision, rtol: 0, atol: 1e-10));
    }

    [TestMethod]
    public void ValidationRowsAreStreamedToo()
    {
        var losses = new List<double>();
        var view = new GeneratedView(200, 3) { Features = Cluster };
        foreach (var maximum in (int?[])[null, 40])
        {
            Trainer(maximum, options =>
            {
                // So small a rate that the weights hardly depend on the order of the rows.
                options.Training.LearningRate = 1e-6;
                options.Training.ValidationFraction = 0.5;
                options.Training.Progress = new Reporter(progress => losses.Add(progress.ValidationLoss!.Value));
            }).Fit(view).Dispose();
            Assert.AreEqual(0, view.OpenCursors);
        }
        Assert.HasCount(4, losses);
        Assert.AreEqual(losses[0], losses[2], 1e-4);
        Assert.AreEqual(losses[1], losses[3], 1e-4);
    }

    [TestMethod]
    public void TheMembersOfAnEnsembleTakeTheirTurns()
    {
        var view = new GeneratedView(90, 3) { Features = Cluster };
        var open = 0;
        var options = new SngpOptions
        {
            NumberOfMembers = 3,
            Head = NetworkHead.Dense,
            Backbone = new ResidualMlp { SpectralNormBound = null, NumberOfHiddenUnits = 8 },
            Training = { NumberOfEpochs = 1, BatchSize = 16, MaximumRowsInMemory = 40, Device = TrainingDevice.Cpu },
        };
        var observed = new GeneratedView(90, 3)
        {
            Features = row =>
            {
                open = Math.Max(open, view.OpenCursors);
                return Cluster(row);
            },
        };
        view = observed;
        ModelBytes.WithOneThread(() => _ml.Sngp().Multiclass(options).Fit(observed).Dispose());
        Assert.AreEqual(1, open);
    }

    [TestMethod]
    public void MemoryDoesNotGrowWithTheTable()
    {
        const int count = 300_000;
        const int width = 32;
        var values = new float[width];
        var view = new GeneratedView(count, width)
        {
            Features = row =>
            {
                values.AsSpan().Fill(row % 2 * 2 - 1);
                return new VBuffer<float>(width, values);
            },
        };
        // What the first training loads does not count.
        var trainer = Trainer(1000, options =>
            (options.Training.BatchSize, options.Training.NumberOfEpochs, options.GaussianProcess.NumberOfRandomFeatures) = (1000, 1, 16));
        trainer.Fit(new GeneratedView(2000, width)).Dispose();
        var before = GC.GetAllocatedBytesForCurrentThread();
        using var model = trainer.Fit(view);
        var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        Assert.IsLessThan(count * width * sizeof(float) / 2L, allocated);
    }

    [TestMethod]
    public void ALimitBelowTheBatchSizeIsRefused()
    {
        foreach (var method in Methods.All.Select(method => (string)method[0]))
        {
            var error = Assert.ThrowsExactly<ArgumentException>(() =>
                Methods.Create(_ml, method, options => options.Training.MaximumRowsInMemory = 15));
            Assert.Contains("MaximumRowsInMemory is 15 and BatchSize is 16", error.Message);
        }
        var zero = Assert.ThrowsExactly<ArgumentException>(() => Trainer(0));
        Assert.Contains("MaximumRowsInMemory is 0; it must be at least 1", zero.Message);
    }

    private static VBuffer<float> Cluster(long row) => new(3, [row % 2 * 4 - 2, row % 5, row % 7 / 4f]);

    private static float[] Scores(SngpTransformer model, IDataView data) =>
        [.. model.Transform(data).GetColumn<float[]>("Logits").SelectMany(logits => logits)];

    private sealed class BinaryRow
    {
        public bool Label { get; set; }

        [VectorType(2)]
        public float[] Features { get; set; } = [];
    }
}
