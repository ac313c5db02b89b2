using System.Runtime.InteropServices;
using TorchSharp;

namespace MLNet.Sngp.Training;

/// <summary>Loads libtorch, and says in one sentence why where that fails.</summary>
internal static class TorchLibrary
{
    // What TorchSharp 0.107 has native libraries for.
    private static readonly (OSPlatform System, Architecture Architecture)[] Served =
    [
        (OSPlatform.Linux, Architecture.X64),
        (OSPlatform.Windows, Architecture.X64),
        (OSPlatform.Windows, Architecture.Arm64),
        (OSPlatform.OSX, Architecture.Arm64),
    ];

    /// <exception cref="LibTorchException">libtorch could not be loaded.</exception>
    public static void Require()
    {
        // Where libstdc++ is too old, TorchSharp would first copy half a gigabyte out of the package cache, and fail for the same reason.
        if (LoadError() is { } early && IsOldCxx(early.Message))
            throw Explain(early.Message, early, IsServed());
        try
        {
            torch.get_num_threads();
        }
        catch (Exception exception) when (
            exception is TypeInitializationException or NotSupportedException or DllNotFoundException or BadImageFormatException)
        {
            throw Explain(LoadError()?.Message ?? exception.Message, exception, IsServed());
        }
    }

    /// <summary>The exception for what the system's loader said.</summary>
    public static LibTorchException Explain(string loaderSaid, Exception inner, bool isServed) =>
        new($"{Reason(loaderSaid, inner, isServed)}{Environment.NewLine}The system's loader said: {loaderSaid.Trim()}", inner);

    private static string Reason(string loaderSaid, Exception inner, bool isServed)
    {
        if (!isServed || inner is BadImageFormatException || loaderSaid.Contains("wrong ELF class", StringComparison.Ordinal))
        {
            return $"TorchSharp has no native library for this process ({RuntimeInformation.RuntimeIdentifier}). Train in a 64-bit process "
                + "on linux-x64, win-x64, win-arm64 or osx-arm64; the trained model can be scored here with MLNet.Sngp.Inference alone.";
        }
        if (IsOldCxx(loaderSaid))
        {
            return "The C++ library of this system, libstdc++, is older than the one that TorchSharp was built with (GCC 13). "
                + "Set <SngpPatchTorchSharp>true</SngpPatchTorchSharp> in the application's project file and build again, or use a newer "
                + "system; see docs/troubleshooting.md.";
        }
        return "The application has no libtorch. Reference the package TorchSharp-cpu, or one of the TorchSharp-cuda packages, of the "
            + $"version of TorchSharp ({typeof(torch).Assembly.GetName().Version?.ToString(3)}) in its project file.";
    }

    private static bool IsOldCxx(string loaderSaid) =>
        loaderSaid.Contains("GLIBCXX_", StringComparison.Ordinal) || loaderSaid.Contains("CXXABI_", StringComparison.Ordinal);

    private static bool IsServed() =>
        Served.Any(
            served => RuntimeInformation.IsOSPlatform(served.System) && RuntimeInformation.ProcessArchitecture == served.Architecture);

    /// <summary>Loads as TorchSharp does, but keeps what the loader says; null when all is well.</summary>
    private static Exception? LoadError()
    {
        try
        {
            NativeLibrary.TryLoad("torch_cpu", typeof(torch).Assembly, null, out _);
            NativeLibrary.Load("LibTorchSharp", typeof(torch).Assembly, null);
            return null;
        }
        catch (Exception exception) when (exception is DllNotFoundException or BadImageFormatException)
        {
            return exception;
        }
    }
}
