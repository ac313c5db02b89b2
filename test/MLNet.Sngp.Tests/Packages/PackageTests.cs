using System.IO.Compression;
using System.Text.RegularExpressions;
using Microsoft.ML;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Packages;

/// <summary>Packs the packages, and uses them as somebody else's programs would: outside the repository, from a folder of
/// packages.</summary>
[TestClass]
public partial class PackageTests
{
    private const string Version = "0.0.1-test";
    private static readonly string[] Names = ["MLNet.Sngp", "MLNet.Sngp.Inference", "MLNet.Sngp.Text"];
    private static TemporaryFolder _folder = null!;

    [ClassInitialize]
    public static void Pack(TestContext context)
    {
        _folder = new TemporaryFolder();
        foreach (var name in Names)
        {
            Run(Repository.Root, "pack", Path.Combine("src", name), "-c", Repository.Configuration, "--no-build", "-nologo", "-o",
                Path.Combine(_folder.Path, "feed"),
                $"-p:Version={Version}", "-p:PackageProjectUrl=https://project.example/",
                "-p:RepositoryUrl=https://repository.example/sngp.git");
        }
        Copy("", "", SearchOption.TopDirectoryOnly);
        Copy("Score", "Score");
        Copy("Embed", "Embed");
        Copy("Train", "Train");
        Copy("Train", "WithoutLibTorch");
        Copy("Train", "Unchanged");
    }

    [ClassCleanup]
    public static void Delete() => _folder.Dispose();

    [TestMethod]
    public void OneProgramTrainsAndSavesAndAnotherWithoutTorchSharpScores()
    {
        Build("Train", $"-p:LibTorch={Repository.LibTorchPackage}");
        var model = Path.Combine(_folder.Path, "model.zip");
        Assert.AreEqual("saved", Execute("Train/Train", 0, model).Trim());
        Build("Score");
        Assert.AreEqual("scored True, TorchSharp False", Execute("Score/Score", 0, model).Trim());
    }

    [TestMethod]
    public void AProgramEmbedsAndScoresTextsWithoutTorchSharp()
    {
        using var encoder = new SmallEncoder();
        var ml = new MLContext(1);
        var table = ml.Data.LoadFromEnumerable(
            Enumerable.Range(0, 60).Select(i => new { Label = i % 2 == 0 ? "red" : "blue", Text = i % 2 == 0 ? "a red" : "blue a" })
                .ToList());
        using var model = ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(ml.Transforms.Text.EmbedSentences("Features", "Text", encoder.Options()))
            .Append(ml.Sngp().Multiclass(TwoClusters.QuickOptions())).Fit(table);
        var file = Path.Combine(_folder.Path, "texts.zip");
        ml.Model.Save(model, table.Schema, file);
        Build("Embed");
        Assert.AreEqual("scored True, TorchSharp False", Execute("Embed/Embed", 0, file).Trim());
    }

    [TestMethod]
    public void AProgramWithoutLibTorchIsTold()
    {
        Build("WithoutLibTorch");
        // TorchSharp would find libtorch in the cache of packages.
        var output = Execute("WithoutLibTorch/Train", 1, "model.zip", new() { ["NUGET_PACKAGES"] = Path.Combine(_folder.Path, "none") });
        Assert.Contains("The application has no libtorch. Reference the package TorchSharp-cpu", output);
    }

    [TestMethod]
    public void WithoutTheChangeAnOlderSystemIsToldOfItsLibraryAndANewerOneTrains()
    {
        Build("Unchanged", $"-p:LibTorch={Repository.LibTorchPackage}", "-p:SngpPatchTorchSharp=false");
        var folder = Path.Combine(_folder.Path, "Unchanged");
        var (status, output) = Commands.Dotnet(folder, ["bin/Release/net10.0/Train.dll", "model.zip"]);
        Assert.Contains(status == 0 ? "saved" : "The C++ library of this system, libstdc++, is older", output);
        // No half a gigabyte was copied before that was said.
        Assert.IsFalse(Directory.Exists(Path.Combine(folder, "bin", "Release", "net10.0", "cpu")));
    }

    [TestMethod]
    [DataRow("MLNet.Sngp")]
    [DataRow("MLNet.Sngp.Text")]
    public void APackagePinsTheInferencePackageOfItsOwnBuild(string name) =>
        Assert.Contains($"<dependency id=\"MLNet.Sngp.Inference\" version=\"[{Version}]\"", Read(name, name + ".nuspec"));

    [TestMethod]
    [DataRow("MLNet.Sngp")]
    [DataRow("MLNet.Sngp.Inference")]
    [DataRow("MLNet.Sngp.Text")]
    public void APackageHasDocumentationSymbolsSourcesAndAddresses(string name)
    {
        Assert.Contains("<members>", Read(name, $"lib/net10.0/{name}.xml"));
        var specification = Read(name, name + ".nuspec");
        Assert.Contains("<projectUrl>https://project.example/</projectUrl>", specification);
        Assert.Contains("url=\"https://repository.example/sngp.git\"", specification);
        using var symbols = ZipFile.OpenRead(Path.Combine(_folder.Path, "feed", $"{name}.{Version}.snupkg"));
        Assert.IsNotNull(symbols.GetEntry($"lib/net10.0/{name}.pdb"));
    }

    [TestMethod]
    [DataRow("MLNet.Sngp")]
    [DataRow("MLNet.Sngp.Inference")]
    [DataRow("MLNet.Sngp.Text")]
    public void TheReadmeInAPackageHasNoRelativeLinkOrPicture(string name)
    {
        var text = Read(name, "README.md");
        Assert.Contains("## Use it", text);
        Assert.DoesNotContain("![", text);
        Assert.IsEmpty(Link().Matches(text).Where(link => !link.Groups[1].Value.StartsWith("https://", StringComparison.Ordinal)));
        Assert.DoesNotContain("dotnet run --project", text);
    }

    private static void Build(string project, params string[] properties) =>
        Run(Path.Combine(_folder.Path, project), ["build", "-c", "Release", "-nologo", "-v", "quiet", $"-p:SngpVersion={Version}",
            $"-p:PackageCache={Repository.PackageCache}", .. properties]);

    private static string Execute(string program, int expected, string model, Dictionary<string, string>? environment = null)
    {
        var folder = Path.Combine(_folder.Path, Path.GetDirectoryName(program)!);
        var (status, text) = Commands.Dotnet(folder, [$"bin/Release/net10.0/{Path.GetFileName(program)}.dll", model], environment);
        Assert.AreEqual(expected, status, text);
        return text;
    }

    private static void Copy(string project, string to, SearchOption depth = SearchOption.AllDirectories)
    {
        var from = Path.Combine(AppContext.BaseDirectory, "Packages", "Projects", project);
        Directory.CreateDirectory(Path.Combine(_folder.Path, to));
        foreach (var file in Directory.EnumerateFiles(from, "*", depth))
            File.Copy(file, Path.Combine(_folder.Path, to, Path.GetFileName(file)));
    }

    private static void Run(string folder, params string[] arguments)
    {
        var (status, output) = Commands.Dotnet(folder, arguments);
        Assert.AreEqual(0, status, output);
    }

    private static string Read(string name, string entry)
    {
        using var package = ZipFile.OpenRead(Path.Combine(_folder.Path, "feed", $"{name}.{Version}.nupkg"));
        using var reader = new StreamReader(package.GetEntry(entry)!.Open());
        return reader.ReadToEnd();
    }

    [GeneratedRegex(@"\]\(([^)]*)\)")]
    private static partial Regex Link();
}
