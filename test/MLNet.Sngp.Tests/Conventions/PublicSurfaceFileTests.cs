using MLNet.Sngp.Tests.Support;
using PublicApiGenerator;

namespace MLNet.Sngp.Tests.Conventions;

/// <summary>The public surface as text, so that a change to it shows in a review.</summary>
[TestClass]
public class PublicSurfaceFileTests
{
    [TestMethod]
    [DataRow("MLNet.Sngp", typeof(SngpMulticlassTrainer))]
    [DataRow("MLNet.Sngp.Inference", typeof(UncertaintyModel))]
    [DataRow("MLNet.Sngp.Text", typeof(SentenceEncoderOptions))]
    public void ThePublicSurfaceIsThatOfTheFile(string name, Type type)
    {
        // The generator leaves out what lies in Microsoft's namespaces, where ML.NET's users expect our extensions.
        var actual = type.Assembly.GeneratePublicApi(
            new ApiGeneratorOptions { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [] }).ReplaceLineEndings("\n") + "\n";
        var file = Path.Combine(Repository.Root, "test", "MLNet.Sngp.Tests", "Conventions", name + ".PublicSurface.txt");
        var kept = Path.Combine(Directory.CreateDirectory(Path.Combine(Repository.Root, "artifacts", "public-surface")).FullName,
            Path.GetFileName(file));
        File.WriteAllText(kept, actual);
        Assert.AreEqual(File.Exists(file) ? File.ReadAllText(file).ReplaceLineEndings("\n") : "", actual,
            $"Where the change is meant, copy {kept} to {file}.");
    }
}
