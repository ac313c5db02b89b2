using System.Text;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Packages;

/// <summary>The change to libLibTorchSharp.so, on the file of the package.</summary>
[TestClass]
public class TorchSharpOnOlderLinuxTests
{
    private static readonly string TorchSharpVersion = typeof(TorchSharp.torch).Assembly.GetName().Version!.ToString(3);
    private const string OnlySymbol = "_ZSt21ios_base_library_initv";

    [TestMethod]
    public void OneFlagChangesInACopy()
    {
        using var folder = new TemporaryFolder();
        var before = File.ReadAllBytes(Library());
        var (status, output) = Patch(Library(), folder.File("patched.so"));
        Assert.AreEqual(0, status, output);
        Assert.Contains("Marked GLIBCXX_3.4.32 as weak", output);
        var after = File.ReadAllBytes(folder.File("patched.so"));
        var changed = Enumerable.Range(0, before.Length).Where(i => before[i] != after[i]).ToList();
        Assert.HasCount(1, changed);
        // VER_FLG_WEAK.
        Assert.AreEqual(before[changed[0]] | 2, after[changed[0]]);
        // The package cache's own file is as it was.
        CollectionAssert.AreEqual(before, File.ReadAllBytes(Library()));
    }

    [TestMethod]
    public void AFileThatIsAlreadyChangedIsTakenAsItIs()
    {
        using var folder = new TemporaryFolder();
        Patch(Library(), folder.File("once.so"));
        var (status, output) = Patch(folder.File("once.so"), folder.File("twice.so"));
        Assert.AreEqual(0, status, output);
        Assert.Contains("it was taken as it is", output);
        CollectionAssert.AreEqual(File.ReadAllBytes(folder.File("once.so")), File.ReadAllBytes(folder.File("twice.so")));
    }

    [TestMethod]
    public void AFileInWhichAnotherSymbolUsesTheVersionIsRefused()
    {
        using var folder = new TemporaryFolder();
        var bytes = File.ReadAllBytes(Library());
        bytes[bytes.AsSpan().IndexOf(Encoding.ASCII.GetBytes(OnlySymbol)) + 4] = (byte)'7';
        File.WriteAllBytes(folder.File("other.so"), bytes);
        var (status, output) = Patch(folder.File("other.so"), folder.File("patched.so"));
        Assert.AreNotEqual(0, status);
        Assert.Contains($"The symbol _ZSt71ios_base_library_initv needs GLIBCXX_3.4.32", output);
        Assert.IsFalse(File.Exists(folder.File("patched.so")));
    }

    [TestMethod]
    public void WhatIsNoLibraryIsRefused()
    {
        using var folder = new TemporaryFolder();
        File.WriteAllText(folder.File("text.so"), new string('x', 200));
        var (status, output) = Patch(folder.File("text.so"), folder.File("patched.so"));
        Assert.AreNotEqual(0, status);
        Assert.Contains("no 64-bit little-endian ELF file", output);
    }

    private static string Library() =>
        Path.Combine(Repository.PackageCache, "torchsharp", TorchSharpVersion, "runtimes", "linux-x64", "native", "libLibTorchSharp.so");

    private static (int Status, string Output) Patch(string from, string to) => Commands.Dotnet(
        Path.GetDirectoryName(to)!,
        [
            "msbuild", Path.Combine(AppContext.BaseDirectory, "Packages", "Projects", "Patch", "Patch.proj"), "-nologo",
            $"-p:TargetsFile={Path.Combine(Repository.Root, "build", "TorchSharpOnOlderLinux.targets")}", $"-p:From={from}", $"-p:To={to}",
        ]);
}
