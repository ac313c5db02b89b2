using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Backbones;
using MLNet.Sngp.Data;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Tests.Contracts;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using TorchSharp;
using Conv2d = TorchSharp.Modules.Conv2d;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Backbones;

[TestClass]
public class WideResNetTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void ItLearnsImagesOfAnyScaleWithBothTrainers()
    {
        var options = Options(epochs: 8);
        using var multiclass = _ml.Sngp().Multiclass(options).Fit(Images.Table(_ml, Images.Rows(150, 1, 255, 40)));
        var scored = multiclass.Transform(Images.Table(_ml, Images.Rows(60, 2, 255, 40)));
        Assert.IsGreaterThan(0.9, _ml.MulticlassClassification.Evaluate(scored).MicroAccuracy);
        Assert.IsTrue(scored.GetColumn<float>("Variance").All(variance => variance is > 0 and < 2));
        TransformerContract.Check(multiclass, Images.Table(_ml, Images.Rows(30, 3)), 30);

        options.LabelColumnName = nameof(Images.Row.IsFirst);
        using var binary = _ml.Sngp().Binary(options).Fit(Images.Table(_ml, Images.Rows(150)));
        var (truth, predicted) = (Images.Rows(60, 2).Select(row => row.IsFirst), binary.Transform(Images.Table(_ml, Images.Rows(60, 2)))
            .GetColumn<bool>("PredictedLabel"));
        Assert.IsGreaterThan(54, truth.Zip(predicted).Count(pair => pair.First == pair.Second));
    }

    [TestMethod]
    [DataRow(6.0)]
    [DataRow(0.5)]
    [DataRow(null)]
    public void TheGraphEqualsTheModule(double? bound)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var options = Options(bound: bound);
        using var network = Trained(options, out var variance);
        using var graph = new GraphRun(network.Graph(options, 64, Images.NumberOfClasses, variance));
        foreach (var count in new[] { 1, 7, 100 })
        {
            var input = Features(count, seed: 2);
            var (logits, features) = network.Forward(input);
            var expected = variance.Of(features!);
            var actual = graph.Run(input);
            AssertRelative(logits, actual["Logits"], 1e-4);
            AssertRelative(expected, actual["Variance"], 1e-4);
            var adjusted = logits.div((expected.mul(Math.PI / 8) + 1).sqrt().view(-1, 1));
            GraphRun.AssertClose(adjusted.softmax(1), actual["Score"], 1e-5);
        }
    }

    [TestMethod]
    public void NothingStandsBetweenAConvolutionAndTheNormalisationThatFollows()
    {
        using var scope = NewDisposeScope();
        var options = Options();
        using var network = Trained(options, out var variance);
        var nodes = network.Graph(options, 64, Images.NumberOfClasses, variance).Proto.Node;
        // The first in each of three blocks.
        Assert.AreEqual(3, nodes.Count(node => node.OpType == "Conv"
            && nodes.Where(next => next.Input.Contains(node.Output[0])).All(next => next.OpType == "BatchNormalization")));
    }

    [TestMethod]
    public void EveryFiniteImageHasAFiniteScoreAndOthersHaveNone()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var options = Options();
        using var network = Trained(options, out var variance);
        using var graph = new GraphRun(network.Graph(options, 64, Images.NumberOfClasses, variance));
        foreach (var factor in new[] { 1e10f, 1e30f, 3e38f })
        {
            var scores = graph.Run(Features(5, seed: 2).sign().mul(factor));
            Assert.IsTrue(scores["Score"].Concat(scores["Variance"]).All(float.IsFinite));
        }
        var input = Features(5, seed: 2);
        input[3, 17] = tensor(float.NaN);
        CollectionAssert.AreEqual(
            new[] { false, false, false, true, false }, graph.Run(input)["Variance"].Select(float.IsNaN).ToArray());
    }

    [TestMethod]
    public void TheBoundHoldsAfterTraining()
    {
        const double bound = 0.8;
        using var scope = NewDisposeScope();
        var options = Options(bound: bound);
        // The last step follows the last projection: it must be small for the bound to hold as closely.
        (options.Training.LearningRate, ((WideResNet)options.Backbone).NumberOfPowerIterations) = (3e-4, 5);
        using var network = Trained(options, out _);
        var convolutions = network.Backbone.modules().OfType<SpectralNormalization>().ToList();
        // One, two in each of three blocks, and the shortcuts of the two that change the shape.
        Assert.HasCount(9, convolutions);
        var norms = convolutions.Select(bounded => OperatorOf(bounded).LargestSingularValue(500)).ToList();
        foreach (var norm in norms)
            Assert.IsLessThanOrEqualTo(bound * 1.02, norm);
        Assert.IsGreaterThan(bound * 0.98, norms.Max());
    }

    [TestMethod]
    public void TheSameSeedGivesTheSameBytes()
    {
        byte[] Train(int seed)
        {
            byte[] bytes = [];
            ModelBytes.WithOneThread(() =>
            {
                var options = Options();
                (options.Seed, options.NumberOfDropoutPasses) = (seed, 2);
                ((WideResNet)options.Backbone).DropoutRate = 0.2;
                bytes = ModelBytes.Of(_ml.Sngp().Multiclass(options).Fit(Images.Table(_ml, Images.Rows(50))));
            });
            return bytes;
        }
        var first = Train(1);
        CollectionAssert.AreEqual(first, Train(1));
        CollectionAssert.AreNotEqual(first, Train(2));
    }

    [TestMethod]
    public void ATrainingGoesOnFromItsCheckpoint()
    {
        using var folder = new TemporaryFolder();
        byte[] Train(int epochs, string? path)
        {
            byte[] bytes = [];
            ModelBytes.WithOneThread(() =>
            {
                var options = Options(epochs);
                (options.Training.CheckpointPath, options.Training.ValidationFraction) = (path, 0.2);
                options.Training.LearningRateSchedule = LearningRateSchedule.Constant;
                bytes = ModelBytes.Of(_ml.Sngp().Multiclass(options).Fit(Images.Table(_ml, Images.Rows(50))));
            });
            return bytes;
        }
        var whole = Train(4, null);
        Train(2, folder.File("state"));
        CollectionAssert.AreEqual(whole, Train(4, folder.File("state")));
    }

    [TestMethod]
    public void ValidationAndPosteriorSeeTheRunningStatistics()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var options = Options();
        var rows = Images.Training(50);
        using var network = Trained(options, out _);
        var before = network.State.Select(part => part.Tensor.clone()).ToList();

        network.Train();
        var loss = new EarlyStopping(network, rows, options.Training).Measure(1);
        network.Train();
        var gathering = new PosteriorGathering(network, options);
        gathering.AfterTraining(rows);

        network.Evaluate();
        // Row by row: with statistics of the batch it would matter which rows are seen at once.
        var (precision, losses) = (eye(32, dtype: ScalarType.Float64), 0.0);
        for (var row = 0; row < 50; row++)
        {
            var (outputs, features) = network.Forward(Features(50).narrow(0, row, 1));
            precision.add_(features!.to(ScalarType.Float64).t().mm(features.to(ScalarType.Float64)));
            losses += network.Likelihood.Loss(outputs, tensor(new float[] { row % Images.NumberOfClasses })).item<float>();
        }
        Assert.AreEqual(losses / 50, loss, 1e-5);
        Assert.IsTrue(allclose(precision, gathering.Posterior.Precision[0], rtol: 1e-4, atol: 1e-4));
        foreach (var (was, (name, now)) in before.Zip(network.State))
            Assert.IsTrue(was.eq(now).all().item<bool>(), name);
    }

    [TestMethod]
    public void ChannelsAreCentredAndScaledByTheTrainingRows()
    {
        using var scope = NewDisposeScope();
        var table = new TrainingTable(2 * 64, hasWeights: true, 4);
        for (var row = 0; row < 4; row++)
        {
            var values = table.NextRow();
            for (var pixel = 0; pixel < 64; pixel++)
                (values[pixel], values[64 + pixel]) = (1000 + row + (pixel % 2), 7);
            table.Keep(row % 2, row == 3 ? 0 : 1);
        }
        var moments = ChannelMoments.Of(table, ImageShape.Of([2, 8, 8])!, () => { });
        Assert.AreEqual(1001.5, moments.Mean[0], 1e-9);
        Assert.AreEqual(Math.Sqrt((2.0 / 3) + 0.25), moments.Deviation[0], 1e-9);
        Assert.AreEqual(7, moments.Mean[1]);
        Assert.AreEqual(1, moments.Deviation[1]);
    }

    [TestMethod]
    public void InterleavedImagesAreTheSameImages()
    {
        var rows = Images.Rows(60);
        var planar = rows.Select(row => new Images.Row
        {
            Label = row.Label,
            Features = [.. row.Features, .. row.Features.Select(value => 100 - (20 * value))],
        }).ToArray();
        var interleaved = planar.Select(row => new Images.Row
        {
            Label = row.Label,
            Features = [.. Enumerable.Range(0, 128).Select(i => row.Features[(i % 2 * 64) + (i / 2)])],
        }).ToArray();
        var options = Options();
        (options.Training.RandomCropPadding, options.Training.RandomHorizontalFlip) = (1, true);
        float[][] Scores(Images.Row[] images, params int[] dimensions)
        {
            var table = Images.Table(_ml, images, dimensions);
            return [.. _ml.Sngp().Multiclass(options).Fit(table).Transform(table).GetColumn<float[]>("Score")];
        }
        var (wanted, given) = (Scores(planar, 2, 8, 8), Scores(interleaved, 8, 8, 2));
        for (var i = 0; i < wanted.Length; i++)
        {
            for (var k = 0; k < wanted[i].Length; k++)
                Assert.AreEqual(wanted[i][k], given[i][k], 1e-4, $"image {i}, class {k}");
        }
    }

    [TestMethod]
    public void TheStatisticsOfTheNetworkAreMeasuredBeforeTheKernelScaleIsChosen()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var network = Create(Options(), Images.Training(100));
        var hidden = network.Hidden(Features(100));
        // Each unit is the mean of rectified values of mean 0 and deviation 1.
        Assert.AreEqual(1 / Math.Sqrt(2 * Math.PI), hidden.mean().item<float>(), 0.1);
    }

    [TestMethod]
    public void OtherRowsAreRefusedWithTheRemedy()
    {
        Refuse([64], "states 64.", "ExtractPixels", "VectorDataViewType", nameof(ResidualMlp));
        Refuse([1, 4, 16], "at least 8 by 8 pixels", "1 by 4 by 16", "ResizeImages");
        Refuse([16, 4, 1], "at least 8 by 8 pixels", "16 by 4 by 1, height by width by channels", "ResizeImages");
        Refuse([1, 1, 8, 8], "1 by 1 by 8 by 8", "ExtractPixels");

        void Refuse(int[] dimensions, params string[] because)
        {
            var error = Assert.ThrowsExactly<NotSupportedException>(
                () => _ml.Sngp().Multiclass(Options()).Fit(Images.Table(_ml, Images.Rows(10), dimensions)));
            Array.ForEach(because, part => Assert.Contains(part, error.Message));
        }
    }

    [TestMethod]
    public void OptionsThatContradictAreRefused()
    {
        Refuse(new WideResNet { Depth = 17 }, "Backbone.Depth is 17; it must be 6n + 4");
        Refuse(new WideResNet { Depth = 4 }, "Backbone.Depth is 4; it must be at least 10");
        Refuse(new WideResNet { SpectralNormBound = null, NumberOfPowerIterations = 2 }, "without a SpectralNormBound");
        Refuse(new WideResNet { SpectralNormBound = 0 }, "Backbone.SpectralNormBound is 0; it must be above 0");

        void Refuse(WideResNet backbone, string because) => Assert.Contains(because, Assert.ThrowsExactly<ArgumentException>(
            () => _ml.Sngp().Multiclass(new SngpOptions { Backbone = backbone })).Message);
    }

    [TestMethod]
    public void NeitherTensorsNorTorchsGeneratorTellOfATraining()
    {
        using var scope = NewDisposeScope();
        var table = Images.Table(_ml, Images.Rows(40));
        var generator = torch.get_rng_state();
        long Left(int epochs)
        {
            var before = LiveTensors.Count;
            _ml.Sngp().Multiclass(Options(epochs)).Fit(table).Dispose();
            return LiveTensors.Count - before;
        }
        // What TorchSharp miscounts is the same for trainings of any length.
        Assert.AreEqual(Left(1), Left(4));
        Assert.IsTrue(generator.eq(torch.get_rng_state()).all().item<bool>());
    }

    [TestMethod]
    public void InitialWeightsAreHeNormal()
    {
        using var scope = NewDisposeScope();
        var weights = Initial.HeNormal(new SeededRandom(1, RandomPurpose.NetworkWeights), [64, 32, 3, 3], CPU);
        var deviation = Math.Sqrt(2.0 / (32 * 9));
        Assert.AreEqual(deviation, weights.std().item<float>(), 0.02 * deviation);
        Assert.AreEqual(0, weights.mean().item<float>(), 0.02 * deviation);
        Assert.IsLessThan(2.28 * deviation, weights.abs().max().item<float>());
    }

    private static SngpOptions Options(int epochs = 3, double? bound = 6) => new()
    {
        Backbone = new WideResNet { Depth = 10, WidenFactor = 1, BaseWidth = 4, SpectralNormBound = bound },
        GaussianProcess = { NumberOfRandomFeatures = 32 },
        Training = { NumberOfEpochs = epochs, BatchSize = 16, Device = TrainingDevice.Cpu, LearningRate = 0.003 },
        Seed = 1,
    };

    private static Network Create(SngpOptions options, RowSource rows) =>
        Network.Create(options, Categorical.Instance, Images.Shape, Images.NumberOfClasses, 1, CPU,
            hidden => KernelScaleEstimator.Estimate(hidden, rows, CPU, 1), backbone => backbone.Adapt(rows, () => { }));

    private static Network Trained(SngpOptions options, out VarianceForm variance)
    {
        var rows = Images.Training(100);
        var network = Create(options, rows);
        new TrainingLoop(network, options.Training, seed: 1).Run(rows, _ => { });
        var gathering = new PosteriorGathering(network, options);
        gathering.AfterTraining(rows);
        variance = gathering.Posterior.Variance(0, gathering.Posterior.Sum.shape[1]);
        network.Evaluate();
        return network;
    }

    private static LinearOperator OperatorOf(SpectralNormalization bounded)
    {
        var size = bounded.get_buffer("left")!.shape;
        return LinearOperator.Of((Conv2d)bounded.Layer, size[2], size[3]);
    }

    private static Tensor Features(int count, int seed = 1) =>
        stack([.. Images.Rows(count, seed).Select(row => tensor(row.Features))]);

    private static void AssertRelative(Tensor expected, float[] actual, double tolerance) =>
        GraphRun.AssertClose(expected, actual, tolerance * expected.abs().max().item<float>());
}
