using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests;

/// <summary>Runs the C# block of README.md as it stands there; MLNet.Sngp.ReadmeSnippet compiles it.</summary>
[TestClass]
public class ReadmeTests
{
    [TestMethod]
    public void TheSnippetRunsAsItStands()
    {
        using var folder = new TemporaryFolder();
        // The snippet prints numbers as its reader's culture has them.
        var invariant = new Dictionary<string, string> { ["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1" };
        var (status, output) =
            Commands.Dotnet(folder.Path, [Path.Combine(AppContext.BaseDirectory, "MLNet.Sngp.ReadmeSnippet.dll")], invariant);
        Assert.AreEqual(0, status, output);
        Assert.Contains("accuracy 1.000", output);
        Assert.IsTrue(File.Exists(folder.File("sngp.onnx")));
    }
}
