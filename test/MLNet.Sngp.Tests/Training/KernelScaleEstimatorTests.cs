using MLNet.Sngp.Data;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Training;

[TestClass]
public class KernelScaleEstimatorTests
{
    [TestMethod]
    public void TheMedianIsThatOfAllPairs()
    {
        // Squared distances of 0, 1, 3 and 7 on a line: 1, 4, 9, 16, 36, 49; the upper middle one is 16.
        CollectionAssert.AreEqual(new[] { 1.0, 4, 9, 16, 36, 49 }, KernelScaleEstimator.SquaredDistances([0, 1, 3, 7], 4));
        CollectionAssert.AreEqual(new[] { 25.0 }, KernelScaleEstimator.SquaredDistances([0, 0, 3, 4], 2));
        AssertChooses(8, [1, 4, 9, 16, 36, 49]);
        AssertChooses(12.5, [25]);
    }

    [TestMethod]
    public void PairsThatAreNotNearDuplicatesDecideWhereMostAre()
    {
        // Of the far distance, 40, nothing up to 0.12 counts.
        AssertGuesses(10, "4 of 7 pairs are (nearly) alike", [0, 0, 1e-9, 0.11, 16, 20, 40]);
        AssertGuesses(10, "5 of 8 pairs are (nearly) alike", [0, 0, 0, 0, 0, 16, 20, 40]);
        // Near-duplicates within near-duplicates.
        AssertGuesses(8, "6 of 9 pairs are (nearly) alike", [0, 0, 0, 1e-9, 1e-9, 1e-9, 9, 16, 20]);
        AssertGuesses(1, "3 of 3 pairs are (nearly) alike", [0, 0, 0]);
        AssertGuesses(1, "there are no pairs", []);
    }

    [TestMethod]
    public void AMedianThatSaysSomethingIsKept()
    {
        AssertChooses(0.065, [0, 0, 1e-9, 0.13, 16, 20, 40]);
        AssertChooses(8, [0, 0, 1e-9, 16, 16, 20, 40]);
        AssertChooses(1e-9, [1e-9, 2e-9, 3e-9]);
        // A single outlying row among 101: 100 of 5,050 pairs.
        AssertChooses(5, [.. Enumerable.Repeat(10.0, 4950), .. Enumerable.Repeat(1e8, 100)]);
        // But none can be trained at the scale of the others.
        AssertGuesses(5e7, "4950 of 5050 pairs are (nearly) alike", [.. Enumerable.Repeat(1e-6, 4950), .. Enumerable.Repeat(1e8, 100)]);
    }

    [TestMethod]
    public void TheScaleIsHalfTheMedianSquaredDistanceOfTheHiddenVectors()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (network, rows) = Setup(count: 40, spread: 1);
        var hidden = network.Hidden(tensor(SourceRows.Features(rows)).view(-1, 3)).to(ScalarType.Float64);
        var distances = cdist(hidden, hidden).square();
        var sorted = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            for (var j = 0; j < i; j++)
                sorted.Add(distances[i, j].item<double>());
        }
        sorted.Sort();
        Assert.AreEqual(sorted[sorted.Count / 2] / 2, KernelScaleEstimator.Estimate(network.Hidden, rows, CPU, seed: 1),
            1e-3 * sorted[sorted.Count / 2]);
    }

    [TestMethod]
    public void RowsThatAreAllAlikeGiveOne()
    {
        using var scope = NewDisposeScope();
        var (network, rows) = Setup(count: 10, spread: 0);
        var warnings = new List<string>();
        Assert.AreEqual(1, KernelScaleEstimator.Estimate(network.Hidden, rows, CPU, seed: 1, warnings.Add));
        Assert.AreEqual(
            "The kernel scale 1 is a guess: 45 of 45 pairs are (nearly) alike among 10 sampled rows. Remove duplicate rows and constant "
            + "columns, or set KernelScale.", warnings.Single());
    }

    [TestMethod]
    [DataRow(0.75, 1e-4)]
    [DataRow(0.75, 0.0)]
    [DataRow(0.95, 1e-4)]
    [DataRow(0.99, 1e-4)]
    public void ATableOfNearDuplicatesIsLearned(double share, double noise)
    {
        var (ml, random, warnings) = (new MLContext(1), new SeededRandom(1, RandomPurpose.NetworkWeights), new List<string>());
        ml.Log += (_, e) => { if (e.Kind == ChannelMessageKind.Warning) warnings.Add(e.RawMessage); };
        var data = ml.Data.LoadFromEnumerable(Enumerable.Range(0, 3000).Select(_ => IdleRow(random, share, noise)).ToList());
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Sngp().Multiclass(
            new SngpOptions { Seed = 1, Backbone = new ResidualMlp { NumberOfHiddenLayers = 2, NumberOfHiddenUnits = 64 }, GaussianProcess =
            { NumberOfRandomFeatures = 256 }, Training = { NumberOfEpochs = 12, LearningRate = 3e-3 } }));
        var model = pipeline.Fit(data);
        using var last = model.LastTransformer;
        Assert.IsGreaterThan(0.97, ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);
        Assert.Contains("is a guess", warnings.Single());
    }

    [TestMethod]
    public void ItCanBeCancelledInEveryPartOfTheWork()
    {
        using var scope = NewDisposeScope();
        var (network, rows) = Setup(count: 10, spread: 1);
        var checks = 0;
        _ = KernelScaleEstimator.Estimate(network.Hidden, rows, CPU, seed: 1, throwIfCancelled: () => checks++);
        // One batch and ten vectors.
        Assert.AreEqual(11, checks);
    }

    [TestMethod]
    public void ALargeTableIsSampledBySeed()
    {
        using var scope = NewDisposeScope();
        var (network, rows) = Setup(count: 2000, spread: 1);
        var scale = KernelScaleEstimator.Estimate(network.Hidden, rows, CPU, seed: 1);
        Assert.AreEqual(scale, KernelScaleEstimator.Estimate(network.Hidden, rows, CPU, seed: 1));
        Assert.AreNotEqual(scale, KernelScaleEstimator.Estimate(network.Hidden, rows, CPU, seed: 2));
        Assert.AreEqual(scale, KernelScaleEstimator.Estimate(network.Hidden, rows, CPU, seed: 2), 0.1 * scale);
    }

    [TestMethod]
    public void WideRowsAreSampledInParts()
    {
        const int width = 3_000_000;
        var table = new TrainingTable(width, hasWeights: false);
        for (var row = 0; row < 5; row++)
        {
            table.NextRow().Fill(row);
            table.Keep(row % 2, 1);
        }
        var parts = new List<long>();
        // Squared distances of 0 to 4 on a line: 1 (4 times), 4 (3 times), 9, 9, 16; the upper middle one is 4.
        Assert.AreEqual(2, KernelScaleEstimator.Estimate(FirstFeature, table, CPU, seed: 1));
        CollectionAssert.AreEqual(new long[] { 2, 2, 1 }, parts);

        Tensor FirstFeature(Tensor features)
        {
            parts.Add(features.shape[0]);
            return features.narrow(1, 0, 1);
        }
    }

    private static void AssertChooses(double scale, double[] distances)
    {
        Assert.AreEqual(scale, KernelScaleEstimator.Choose(distances, out var guess));
        Assert.IsNull(guess);
    }

    private static void AssertGuesses(double scale, string why, double[] distances)
    {
        Assert.AreEqual(scale, KernelScaleEstimator.Choose(distances, out var guess));
        Assert.AreEqual(why, guess);
    }

    private static IdleOrBusy IdleRow(SeededRandom random, double share, double noise)
    {
        var isIdle = random.NextInt32(1000) < 1000 * share;
        var features = Enumerable.Range(0, 8).Select(_ => (float)((isIdle ? noise : 1) * random.NextGaussian())).ToArray();
        return new IdleOrBusy { Features = features, Label = isIdle ? "idle" : features[0] + features[1] > 0 ? "up" : "down" };
    }

    private static (Network Network, TrainingTable Rows) Setup(int count, double spread)
    {
        var network = TestNetwork.Create(3, 2, 8, 2, new SngpOptions());
        var table = new TrainingTable(3, hasWeights: false, count);
        var random = new SeededRandom(4, RandomPurpose.RowOrder);
        for (var row = 0; row < count; row++)
        {
            foreach (ref var value in table.NextRow())
                value = (float)(spread * random.NextGaussian());
            table.Keep(row % 2, 1);
        }
        return (network, table);
    }

    private sealed class IdleOrBusy
    {
        [VectorType(8)]
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }
}
