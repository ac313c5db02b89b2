using System.Runtime.Versioning;
using Microsoft.ML;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;

namespace MLNet.Sngp.Tests.Checkpoints;

/// <summary>A disk that does not take a checkpoint is an error that says so and loses nothing.</summary>
[TestClass]
public class CheckpointDiskTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void AFolderThatIsMissingOrCannotBeWrittenToIsFoundBeforeTraining()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("file"), "");
        List<string> paths = [folder.File("missing/state"), folder.File("file/state"), folder.Path, "\0"];
        if (OperatingSystem.IsLinux())
            paths.Add("/proc/state");
        foreach (var path in paths)
        {
            var trainer = Methods.Create(_ml, "Sngp", options =>
            {
                options.Training.CheckpointPath = path;
                options.Training.Progress = new Reporter(_ => Assert.Fail("It trains."));
            });
            var error = Assert.ThrowsExactly<IOException>(() => trainer.Fit(TwoClusters.Load(_ml, TwoClusters.Rows(50))), path);
            Assert.Contains("Nothing was trained", error.Message);
        }
        CollectionAssert.AreEqual(new[] { "file" }, folder.Files());
    }

    [TestMethod]
    public void AWriteThatFailsWhileTrainingLeavesTheLastCheckpoint()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("state");
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(50));
        byte[] kept = [];
        var file = "";
        var trainer = Methods.Create(_ml, "Sngp", options =>
        {
            options.Training.NumberOfEpochs = 5;
            options.Training.CheckpointPath = path;
            options.Training.Progress = new Reporter(report =>
            {
                if (report.Epoch != 2)
                    return;
                file = folder.OnlyFile();
                kept = File.ReadAllBytes(file);
                // Nothing can be written where a folder stands.
                Directory.CreateDirectory(file + ".tmp");
            });
        });
        ModelBytes.WithOneThread(() =>
        {
            var error = Assert.ThrowsExactly<IOException>(() => trainer.Fit(data));
            Assert.Contains(file, error.Message);
            Assert.Contains("untouched", error.Message);
            Directory.Delete(file + ".tmp");
            Assert.AreEqual(file, folder.OnlyFile());
            CollectionAssert.AreEqual(kept, File.ReadAllBytes(file));
            var resumed = ModelBytes.Of(
                Methods.Create(_ml, "Sngp", options => { options.Training.NumberOfEpochs = 5; options.Training.CheckpointPath = path; })
                .Fit(data));
            CollectionAssert.AreEqual(
                ModelBytes.Of(Methods.Create(_ml, "Sngp", options => options.Training.NumberOfEpochs = 5).Fit(data)), resumed);
        });
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [UnsupportedOSPlatform("windows")]
    public void LinksAndAccessRightsStay()
    {
        using var folder = new TemporaryFolder();
        CheckpointFile.Write(folder.File("target"), new CheckpointContent());
        File.SetUnixFileMode(folder.File("target"), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.CreateSymbolicLink(folder.File("state"), "target");
        CheckpointFile.Write(folder.File("state"), new CheckpointContent());
        Assert.AreEqual("target", new FileInfo(folder.File("state")).LinkTarget);
        Assert.AreEqual(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(folder.File("target")));
        CollectionAssert.AreEqual(new[] { "state", "target" }, folder.Files());
        StringAssert.Contains(
            Assert.ThrowsExactly<IOException>(() => CheckpointFile.ThrowIfNotWritable("/dev/null")).Message, "no regular file");
    }

    [TestMethod]
    public void WhatAKilledTrainingLeftBesideTheFileIsOverwritten()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllBytes(folder.File("state.tmp"), new byte[100_000]);
        CheckpointFile.Write(folder.File("state"), new CheckpointContent());
        CollectionAssert.AreEqual(new[] { "state" }, folder.Files());
        Assert.IsEmpty(CheckpointFile.Read(folder.File("state")).Names);
    }
}
