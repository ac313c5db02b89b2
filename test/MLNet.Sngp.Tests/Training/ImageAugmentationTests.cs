using Microsoft.ML;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Training;

/// <summary>Random crops and mirror images, and trainings with all that images are trained with.</summary>
[TestClass]
public class ImageAugmentationTests
{
    private static readonly long[] Shape = [2, 3, 4];

    [TestMethod]
    public void EachImageIsACropOfThePaddedImageOrOfItsMirrorImage()
    {
        using var scope = NewDisposeScope();
        var images = arange(1, 1 + (50 * 24), ScalarType.Float32).view(50, 24);
        var random = new SeededRandom(1, RandomPurpose.Images);
        var changed = ImageAugmentation.Of(new() { RandomCropPadding = 2, RandomHorizontalFlip = true }, Shape)!.Apply(images, random);
        CollectionAssert.AreEqual(new[] { 50L, 24 }, changed.shape);
        var found = new HashSet<(int, int, bool)>();
        for (var i = 0; i < 50; i++)
        {
            var actual = changed[i].data<float>().ToArray();
            var matches = (from top in Enumerable.Range(-2, 5)
                from left in Enumerable.Range(-2, 5)
                from isFlipped in new[] { false, true }
                where actual.SequenceEqual(Crop(images[i].data<float>().ToArray(), top, left, isFlipped))
                select (top, left, isFlipped)).ToList();
            Assert.HasCount(1, matches, $"image {i}");
            found.Add(matches[0]);
        }
        Assert.IsGreaterThan(25, found.Count);
    }

    [TestMethod]
    public void NothingIsMadeOfNothing() => Assert.IsNull(ImageAugmentation.Of(new(), [64]));

    [TestMethod]
    public void VectorsAndSmallImagesAreRefused()
    {
        var crop = new TrainingOptions { RandomCropPadding = 3 };
        StringAssert.Contains(Assert.Throws<NotSupportedException>(() => ImageAugmentation.Of(crop, [12])).Message, "1 dimension.");
        StringAssert.Contains(Assert.Throws<NotSupportedException>(() => ImageAugmentation.Of(crop, Shape)).Message, "3 by 4");
    }

    [TestMethod]
    public void AFlatColumnIsRefusedBeforeARowIsRead()
    {
        var options = Options();
        options.Backbone = new ResidualMlp();
        var ml = new MLContext(1);
        var error = Assert.Throws<NotSupportedException>(() => ml.Sngp().Multiclass(options).Fit(Images.Table(ml, Images.Rows(9), 64)));
        StringAssert.Contains(error.Message, nameof(TrainingOptions.RandomCropPadding));
    }

    [TestMethod]
    public void AnMlpTakesChangedImagesToo()
    {
        var options = Options();
        options.Backbone = new ResidualMlp { NumberOfHiddenUnits = 16 };
        var ml = new MLContext(1);
        var data = Images.Table(ml, Images.Rows(60));
        var plain = Options();
        plain.Backbone = new ResidualMlp { NumberOfHiddenUnits = 16 };
        plain.Training.RandomCropPadding = 0;
        plain.Training.RandomHorizontalFlip = false;
        CollectionAssert.AreNotEqual(Graph(ml, options, data), Graph(ml, plain, data));
    }

    [TestMethod]
    public void ATrainingOnImagesIsFixedByItsSeedAndGoesOnFromItsCheckpoint()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        var data = Images.Table(ml, Images.Rows(60));
        var whole = Graph(ml, Options(), data);
        var options = Options();
        options.Training.CheckpointPath = folder.File("state");
        using var stop = new CancellationTokenSource();
        options.Training.CancellationToken = stop.Token;
        options.Training.Progress = new Reporter(progress =>
        {
            if (progress.Epoch == 2)
                stop.Cancel();
        });
        Assert.Throws<OperationCanceledException>(() => Graph(ml, options, data));
        options.Training.Progress = null;
        options.Training.CancellationToken = default;
        CollectionAssert.AreEqual(whole, Graph(ml, options, data));
    }

    [TestMethod]
    public void CropsTeachWhatPlaceDoesNotMatter()
    {
        var ml = new MLContext(1);
        var options = Options();
        options.Training.NumberOfEpochs = 20;
        options.Training.RandomHorizontalFlip = false;
        var model = ml.Sngp().Multiclass(options).Fit(Images.Table(ml, Images.Rows(120)));
        var metrics = ml.MulticlassClassification.Evaluate(model.Transform(Images.Table(ml, Images.Rows(90, seed: 2))));
        Assert.IsGreaterThan(0.95, metrics.MicroAccuracy);
    }

    private static SngpOptions Options() => new()
    {
        Backbone = new WideResNet { Depth = 10, WidenFactor = 1, BaseWidth = 4 },
        GaussianProcess = { NumberOfRandomFeatures = 32 },
        Seed = 1,
        Training =
        {
            NumberOfEpochs = 4,
            BatchSize = 20,
            Optimizer = TrainingOptimizer.NesterovMomentum,
            LearningRate = 0.05,
            LearningRateSchedule = LearningRateSchedule.Cosine,
            WarmUpEpochs = 1,
            WeightDecay = 1e-4,
            RandomCropPadding = 1,
            RandomHorizontalFlip = true,
        },
    };

    private static byte[] Graph(MLContext ml, SngpOptions options, IDataView data)
    {
        byte[] bytes = [];
        ModelBytes.WithOneThread(() => bytes = ModelBytes.Of(ml.Sngp().Multiclass(options).Fit(data)));
        return bytes;
    }

    private static float[] Crop(float[] image, int top, int left, bool isFlipped)
    {
        var crop = new float[24];
        for (var i = 0; i < crop.Length; i++)
        {
            var (channel, y, x) = (i / 12, top + (i % 12 / 4), left + (isFlipped ? 3 - (i % 4) : i % 4));
            crop[i] = y is >= 0 and < 3 && x is >= 0 and < 4 ? image[(channel * 12) + (y * 4) + x] : 0;
        }
        return crop;
    }
}
