using Microsoft.ML;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;

namespace MLNet.Sngp.Tests.Checkpoints;

/// <summary>A checkpoint that is cut off, damaged or of another training is refused with its name, the reason and what to do.</summary>
[TestClass]
public class RefusedCheckpointTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void AFileCutOffAtAnyLengthIsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("state");
        CheckpointFile.Write(path, SmallContent());
        var whole = File.ReadAllBytes(path);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(path, whole[..length]);
            AssertUnusable(path);
        }
        File.WriteAllBytes(path, [.. whole, 0]);
        AssertUnusable(path);
    }

    [TestMethod]
    public void AFileWithAnyBitFlippedIsRefused()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("state");
        CheckpointFile.Write(path, SmallContent());
        var whole = File.ReadAllBytes(path);
        for (var bit = 0; bit < 8 * whole.Length; bit++)
        {
            whole[bit / 8] ^= (byte)(1 << bit % 8);
            File.WriteAllBytes(path, whole);
            AssertUnusable(path);
            whole[bit / 8] ^= (byte)(1 << bit % 8);
        }
    }

    [TestMethod]
    public void ContentThatLiesAboutItsLengthsIsRefusedWithoutMakingRoom()
    {
        using var stream = new MemoryStream();
        SmallContent().Write(stream);
        var whole = stream.ToArray();
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var position = 0; position < whole.Length; position++)
        {
            var changed = (byte[])whole.Clone();
            changed.AsSpan(position, Math.Min(8, whole.Length - position)).Fill(0x7F);
            try
            {
                _ = CheckpointContent.Read(new MemoryStream(changed), changed.Length);
            }
            catch (InvalidDataException)
            {
            }
        }
        Assert.IsLessThan(10_000L * whole.Length, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [TestMethod]
    public void ContentComesBackAsItWas()
    {
        using var folder = new TemporaryFolder();
        CheckpointFile.Write(folder.File("state"), SmallContent());
        var content = CheckpointFile.Read(folder.File("state"));
        Assert.AreEqual("ä", content.Get<string>("text"));
        Assert.AreEqual(-3L, content.Get<long>("integer"));
        Assert.AreEqual(0.1, content.Get<double>("number"));
        CollectionAssert.AreEqual(new[] { 1f, float.NaN }, content.Get<float[]>("singles"));
        CollectionAssert.AreEqual(new[] { 2.0 }, content.Get<double[]>("doubles"));
        Assert.ThrowsExactly<InvalidDataException>(() => content.Get<double>("integer"));
    }

    [TestMethod]
    [DataRow("LearningRate is 0.004 there and 0.01 here")]
    [DataRow("Seed is 1 there and 2 here")]
    [DataRow("Classes differ")]
    [DataRow("ValidationFraction is null there and 0.2 here")]
    [DataRow("it is 3 epochs long and NumberOfEpochs is 2")]
    [DataRow("NumberOfEpochs is 3 there and 4 here")]
    [DataRow("Head is Dense there and GaussianProcess here")]
    public void TheCheckpointOfAnotherTrainingIsRefused(string reason)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("state");
        var schedule = reason.StartsWith("it is", StringComparison.Ordinal)
            ? LearningRateSchedule.Constant
            : LearningRateSchedule.LinearDecay;
        using (Methods.Create(_ml, "Deterministic", options =>
            (options.Training.CheckpointPath, options.Training.LearningRateSchedule) = (path, schedule))
            .Fit(TwoClusters.Load(_ml, TwoClusters.Rows(50))))
        {
        }
        var written = File.ReadAllBytes(folder.OnlyFile());
        var rows = TwoClusters.Rows(50);
        if (reason.StartsWith("Classes", StringComparison.Ordinal))
            Array.ForEach(rows, row => row.Label += "!");
        var other = Methods.Create(_ml, reason.StartsWith("Head", StringComparison.Ordinal) ? "Sngp" : "Deterministic", options =>
        {
            (options.Training.CheckpointPath, options.Training.LearningRateSchedule) = (path, schedule);
            options.Training.LearningRate = reason.StartsWith("LearningRate", StringComparison.Ordinal) ? 0.01 : 0.004;
            options.Seed = reason.StartsWith("Seed", StringComparison.Ordinal) ? 2 : 1;
            options.Training.ValidationFraction = reason.StartsWith("Validation", StringComparison.Ordinal) ? 0.2 : null;
            options.Training.NumberOfEpochs = reason.StartsWith("it is", StringComparison.Ordinal) ? 2
                : reason.StartsWith("NumberOfEpochs", StringComparison.Ordinal) ? 4 : 3;
        });
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => other.Fit(TwoClusters.Load(_ml, rows)));
        Assert.Contains(reason, error.Message);
        Assert.Contains(folder.OnlyFile(), error.Message);
        Assert.Contains("Delete the file", error.Message);
        CollectionAssert.AreEqual(written, File.ReadAllBytes(folder.OnlyFile()));
    }

    [TestMethod]
    public void ADamagedFileIsRefusedByFit()
    {
        using var folder = new TemporaryFolder();
        using (Methods.Create(_ml, "Sngp", options => options.Training.CheckpointPath = folder.File("state"))
            .Fit(TwoClusters.Load(_ml, TwoClusters.Rows(50))))
        {
        }
        var path = folder.OnlyFile();
        File.WriteAllText(path, "not a checkpoint");
        foreach (int? seed in new int?[] { 1, null })
        {
            var trainer =
                Methods.Create(_ml, "Sngp", options => { options.Training.CheckpointPath = folder.File("state"); options.Seed = seed; });
            var error = Assert.ThrowsExactly<InvalidDataException>(() => trainer.Fit(TwoClusters.Load(_ml, TwoClusters.Rows(50))));
            Assert.Contains(path, error.Message);
        }
    }

    [TestMethod]
    public void WholeContentWithoutTheStateOfTheNetworkIsRefused()
    {
        using var folder = new TemporaryFolder();
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(50));
        var trainer = Methods.Create(_ml, "Sngp", options => options.Training.CheckpointPath = folder.File("state"));
        using (trainer.Fit(data))
        {
        }
        var path = folder.OnlyFile();
        var whole = CheckpointFile.Read(path);
        foreach (var name in whole.Names.Where(name => !name.StartsWith(CheckpointPlace.Prefix, StringComparison.Ordinal)))
        {
            var changed = new CheckpointContent();
            foreach (var other in whole.Names)
                changed.Set(other, other == name ? "none" : whole.Get<object>(other));
            CheckpointFile.Write(path, changed);
            var error = Assert.ThrowsExactly<InvalidDataException>(() => trainer.Fit(data), name);
            Assert.Contains(path, error.Message);
        }
    }

    private static void AssertUnusable(string path)
    {
        var error = Assert.ThrowsExactly<InvalidDataException>(() => CheckpointFile.Read(path));
        Assert.Contains(path, error.Message);
        Assert.Contains("Delete the file", error.Message);
    }

    private static CheckpointContent SmallContent()
    {
        var content = new CheckpointContent();
        content.Set("text", "ä");
        content.Set("integer", -3L);
        content.Set("number", 0.1);
        content.Set("singles", new[] { 1f, float.NaN });
        content.Set("doubles", new[] { 2.0 });
        return content;
    }
}
