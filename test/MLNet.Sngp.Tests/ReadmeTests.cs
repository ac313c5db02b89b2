using System.Diagnostics;

namespace MLNet.Sngp.Tests;

/// <summary>Runs the C# block of README.md as it stands there; MLNet.Sngp.ReadmeSnippet compiles it.</summary>
[TestClass]
public class ReadmeTests
{
    [TestMethod]
    public void TheSnippetRunsAsItStands()
    {
        var folder = Directory.CreateTempSubdirectory("readme");
        try
        {
            var start = new ProcessStartInfo("dotnet", ["exec", Path.Combine(AppContext.BaseDirectory, "MLNet.Sngp.ReadmeSnippet.dll")])
            {
                WorkingDirectory = folder.FullName,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            };
            // The snippet prints numbers as its reader's culture has them.
            start.Environment["DOTNET_SYSTEM_GLOBALIZATION_INVARIANT"] = "1";
            using var process = Process.Start(start)!;
            var errors = process.StandardError.ReadToEndAsync();
            var output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.AreEqual(0, process.ExitCode, errors.Result);
            Assert.Contains("accuracy 1.000", output);
            Assert.IsTrue(File.Exists(Path.Combine(folder.FullName, "sngp.onnx")));
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }
}
