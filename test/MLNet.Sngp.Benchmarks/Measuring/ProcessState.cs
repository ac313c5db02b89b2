using System.Globalization;

namespace MLNet.Sngp.Benchmarks.Measuring;

/// <summary>What Linux says of this process.</summary>
internal static class ProcessState
{
    private static readonly string[] LibraryPrefixes = ["libgomp", "libomp", "libiomp", "libopenblas", "libblas", "libmkl"];

    /// <summary>The resident memory now, in 2²⁰ bytes.</summary>
    public static double ResidentMegabytes() => Read("VmRSS:");

    /// <summary>The largest resident memory since the process began or <see cref="ResetPeak"/> was called, in 2²⁰ bytes.</summary>
    public static double PeakMegabytes() => Read("VmHWM:");

    /// <summary>Lets the peak start again at what is resident now.</summary>
    public static void ResetPeak() => File.WriteAllText("/proc/self/clear_refs", "5");

    /// <summary>The OpenMP runtimes and BLAS libraries that are loaded.</summary>
    public static IReadOnlyList<string> Libraries() =>
        [.. File.ReadLines("/proc/self/maps")
            .Where(line => line.Contains('/', StringComparison.Ordinal))
            .Select(line => Path.GetFileName(line[line.IndexOf('/', StringComparison.Ordinal)..]))
            .Where(name => LibraryPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)))
            .Distinct()
            .Order(StringComparer.Ordinal)];

    private static double Read(string field)
    {
        var line = File.ReadLines("/proc/self/status").First(line => line.StartsWith(field, StringComparison.Ordinal));
        return double.Parse(line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)[1], CultureInfo.InvariantCulture) / 1024;
    }
}
