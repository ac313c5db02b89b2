using System.Diagnostics;
using System.IO.Pipes;
using System.Runtime.Versioning;
using Microsoft.ML;
using MLNet.Sngp.Persistence;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Persistence;

/// <summary>What a file is, beside its content, stays as it was when the content is replaced.</summary>
[TestClass]
public sealed class AtomicFileTests
{
    private static readonly byte[] Content = [1, 2, 3];

    [TestMethod]
    [DataRow("model.onnx")]
    [DataRow("folder/model.onnx")]
    public void ALinkStaysAndItsTargetIsReplaced(string target)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("folder"));
        File.WriteAllText(folder.File(target), "old");
        File.CreateSymbolicLink(folder.File("second"), target);
        File.CreateSymbolicLink(folder.File("first"), "second");
        AtomicFile.Write(folder.File("first"), Write);
        Assert.AreEqual("second", new FileInfo(folder.File("first")).LinkTarget);
        Assert.AreEqual(target, new FileInfo(folder.File("second")).LinkTarget);
        Assert.IsNull(new FileInfo(folder.File(target)).LinkTarget);
        CollectionAssert.AreEqual(Content, File.ReadAllBytes(folder.File(target)));
    }

    [TestMethod]
    public void ALinkToNothingYetIsFollowed()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.File("link"), "model.onnx");
        AtomicFile.Write(folder.File("link"), Write);
        CollectionAssert.AreEqual(new[] { "link", "model.onnx" }, folder.Files());
        Assert.AreEqual("model.onnx", new FileInfo(folder.File("link")).LinkTarget);
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [UnsupportedOSPlatform("windows")]
    [DataRow(UnixFileMode.UserRead | UnixFileMode.UserWrite)]
    [DataRow(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)]
    public void TheAccessRightsStay(UnixFileMode mode)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("model.onnx");
        File.WriteAllText(path, "old");
        File.SetUnixFileMode(path, mode);
        AtomicFile.Write(path, stream =>
        {
            Assert.AreEqual(mode, File.GetUnixFileMode(((FileStream)stream).SafeFileHandle));
            Write(stream);
        });
        Assert.AreEqual(mode, File.GetUnixFileMode(path));
        CollectionAssert.AreEqual(Content, File.ReadAllBytes(path));
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [UnsupportedOSPlatform("windows")]
    public async Task APipeIsWrittenTo()
    {
        using var folder = new TemporaryFolder();
        var pipe = folder.File("pipe");
        using (var mkfifo = Process.Start("mkfifo", pipe))
            await mkfifo.WaitForExitAsync();
        using var model = SmallModel.Transformer(new MLContext());
        var reader = Task.Run(() => File.ReadAllBytes(pipe));
        model.SaveAsOnnx(pipe);
        CollectionAssert.AreEqual(model.Model.OnnxBytes, await reader);
        CollectionAssert.AreEqual(new[] { "pipe" }, folder.Files());
        Assert.IsFalse(AtomicFile.IsReplaceable(pipe));
    }

    [TestMethod]
    [OSCondition(ConditionMode.Exclude, OperatingSystems.Windows)]
    [UnsupportedOSPlatform("windows")]
    public void ADeviceIsNoFileAndAnEmptyFileIsOne()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("empty"), "");
        Assert.IsFalse(AtomicFile.IsReplaceable("/dev/null"));
        using var pipe = new AnonymousPipeServerStream(PipeDirection.Out);
        if (OperatingSystem.IsLinux())
            Assert.IsFalse(AtomicFile.IsReplaceable(AtomicFile.TargetOf($"/proc/self/fd/{pipe.SafePipeHandle.DangerousGetHandle()}")));
        Assert.IsTrue(AtomicFile.IsReplaceable(folder.File("empty")));
        Assert.IsTrue(AtomicFile.IsReplaceable(folder.File("missing")));
    }

    [TestMethod]
    [DataRow("missing/model.onnx", "its folder does not exist")]
    [DataRow("folder", "It is a folder")]
    public void AnErrorNamesThePathThatWasGiven(string name, string reason)
    {
        using var folder = new TemporaryFolder();
        Directory.CreateDirectory(folder.File("folder"));
        using var model = SmallModel.Transformer(new MLContext());
        var message = Assert.Throws<IOException>(() => model.SaveAsOnnx(folder.File(name))).Message;
        StringAssert.StartsWith(message, $"The file '{folder.File(name)}' cannot be written: {reason}");
        Assert.DoesNotContain(".tmp", message);
        CollectionAssert.AreEqual(new[] { "folder" }, folder.Files());
    }

    [TestMethod]
    public void AWriteThatFailsLeavesTheOldFileAndNothingElse()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("model.onnx");
        File.WriteAllText(path, "old");
        var message = Assert.ThrowsExactly<IOException>(() => AtomicFile.Write(path, stream =>
        {
            Write(stream);
            throw new IOException("The disk is full.");
        })).Message;
        Assert.AreEqual($"The file '{path}' cannot be written: The disk is full.", message);
        Assert.AreEqual("old", File.ReadAllText(path));
        CollectionAssert.AreEqual(new[] { "model.onnx" }, folder.Files());
    }

    private static void Write(Stream stream) => stream.Write(Content);
}
