using Microsoft.ML;
using MLNet.Sngp.Stress.Fuzzing;

namespace MLNet.Sngp.Tests.Fuzzing;

/// <summary>A few hundred of the cases that MLNet.Sngp.Stress goes through by the hundred thousand, and every file that ever found
/// something.</summary>
[TestClass]
public sealed class FuzzTests
{
    [TestMethod]
    [DataRow("onnx", 400)]
    [DataRow("zip", 60)]
    [DataRow("checkpoint", 400)]
    public void ChangedFilesAreRefusedOrScored(string kind, int cases)
    {
        var context = new MLContext(seed: 1);
        var seeds = FuzzTarget.Seeds(kind);
        var loaded = 0;
        for (var number = 0; number < cases; number++)
            loaded += FuzzTarget.Try(context, kind, FuzzTarget.Case(kind, seeds, number)) ? 1 : 0;
        Assert.IsLessThan(cases, loaded);
    }

    [TestMethod]
    public void ValidFilesLoad()
    {
        var context = new MLContext(seed: 1);
        foreach (var kind in (string[])["onnx", "zip", "checkpoint"])
        {
            foreach (var (name, bytes) in FuzzTarget.Seeds(kind))
                Assert.IsTrue(FuzzTarget.Try(context, kind, bytes), name);
        }
    }

    [TestMethod]
    public void FilesThatFoundSomethingAreRefusedOrScored()
    {
        var context = new MLContext(seed: 1);
        foreach (var file in Directory.EnumerateFiles(Path.Combine(Corpus.Folder, "found")))
            FuzzTarget.Try(context, Path.GetExtension(file)[1..], File.ReadAllBytes(file));
    }
}
