using MLNet.Sngp.Data;
using MLNet.Sngp.Modules;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
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
        Assert.AreEqual(16, KernelScaleEstimator.MedianSquaredDistance([0, 1, 3, 7], 4));
        Assert.AreEqual(25, KernelScaleEstimator.MedianSquaredDistance([0, 0, 3, 4], 2));
        Assert.AreEqual(0, KernelScaleEstimator.MedianSquaredDistance([5], 1));
    }

    [TestMethod]
    public void TheScaleIsHalfTheMedianSquaredDistanceOfTheHiddenVectors()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (network, rows) = Setup(count: 40, spread: 1);
        var hidden = network.Forward(tensor(SourceRows.Features(rows)).view(-1, 3), masks: null).to(ScalarType.Float64);
        var distances = cdist(hidden, hidden).square();
        var sorted = new List<double>();
        for (var i = 0; i < 40; i++)
        {
            for (var j = 0; j < i; j++)
                sorted.Add(distances[i, j].item<double>());
        }
        sorted.Sort();
        Assert.AreEqual(sorted[sorted.Count / 2] / 2, KernelScaleEstimator.Estimate(features => network.Forward(features, masks: null), rows, CPU, seed: 1), 1e-3 * sorted[sorted.Count / 2]);
    }

    [TestMethod]
    public void RowsThatAreAllAlikeGiveOne()
    {
        using var scope = NewDisposeScope();
        var (network, rows) = Setup(count: 10, spread: 0);
        Assert.AreEqual(1, KernelScaleEstimator.Estimate(features => network.Forward(features, masks: null), rows, CPU, seed: 1));
    }

    [TestMethod]
    public void ALargeTableIsSampledBySeed()
    {
        using var scope = NewDisposeScope();
        var (network, rows) = Setup(count: 2000, spread: 1);
        var scale = KernelScaleEstimator.Estimate(features => network.Forward(features, masks: null), rows, CPU, seed: 1);
        Assert.AreEqual(scale, KernelScaleEstimator.Estimate(features => network.Forward(features, masks: null), rows, CPU, seed: 1));
        Assert.AreNotEqual(scale, KernelScaleEstimator.Estimate(features => network.Forward(features, masks: null), rows, CPU, seed: 2));
        Assert.AreEqual(scale, KernelScaleEstimator.Estimate(features => network.Forward(features, masks: null), rows, CPU, seed: 2), 0.1 * scale);
    }

    [TestMethod]
    public void WideRowsAreSampledInParts()
    {
        const int width = 3_000_000;
        var table = new TrainingTable(width, 2, hasWeights: false);
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

    private static (ResidualNetwork Network, TrainingTable Rows) Setup(int count, double spread)
    {
        var shape = new NetworkShape(3, 2, 8, 2);
        var network = new ResidualNetwork(shape, new ParameterStore(CPU, [.. ResidualNetwork.ParameterShapes(shape)]), new SeededRandom(1, RandomPurpose.NetworkWeights));
        var table = new TrainingTable(3, 2, hasWeights: false, count);
        var random = new SeededRandom(4, RandomPurpose.RowOrder);
        for (var row = 0; row < count; row++)
        {
            foreach (ref var value in table.NextRow())
                value = (float)(spread * random.NextGaussian());
            table.Keep(row % 2, 1);
        }
        return (network, table);
    }
}
