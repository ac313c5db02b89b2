using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Training;

namespace MLNet.Sngp.Tests.Training;

/// <summary>What the loader says, and the first sentence that comes of it. PackageTests sees the first two happen.</summary>
[TestClass]
public class TorchLibraryTests
{
    [TestMethod]
    public void WhatIsThereLoads() => TorchLibrary.Require();

    [TestMethod]
    public void AnOldLibraryOfCxxIsNamed() => AssertFirst(
        "The C++ library of this system, libstdc++, is older",
        new DllNotFoundException("libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by libLibTorchSharp.so)"));

    [TestMethod]
    public void APackageLeftOutIsNamed() => AssertFirst(
        "The application has no libtorch.",
        new DllNotFoundException("libtorch_cpu.so: cannot open shared object file: No such file or directory"));

    [TestMethod]
    public void AnotherArchitectureIsNamed() => AssertFirst(
        "TorchSharp has no native library for this process",
        new BadImageFormatException("An attempt was made to load a program with an incorrect format."));

    [TestMethod]
    public void ASystemThatTorchSharpDoesNotServeIsNamed() => AssertFirst(
        "TorchSharp has no native library for this process",
        new DllNotFoundException("libtorch_cpu.so: cannot open shared object file"),
        isServed: false);

    private static void AssertFirst(string start, Exception loader, bool isServed = true)
    {
        var exception = TorchLibrary.Explain(loader.Message, loader, isServed);
        Assert.StartsWith(start, exception.Message);
        Assert.Contains(loader.Message, exception.Message);
        Assert.AreSame(loader, exception.InnerException);
    }
}
