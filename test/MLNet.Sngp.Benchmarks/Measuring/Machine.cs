using System.Globalization;
using System.Runtime.InteropServices;

namespace MLNet.Sngp.Benchmarks.Measuring;

/// <summary>Where the figures come from.</summary>
internal static class Machine
{
    /// <summary>The mean number of processes that ran in the last minute.</summary>
    public static string Load() => File.Exists("/proc/loadavg") ? File.ReadAllText("/proc/loadavg").Split(' ')[0] : "unknown";

    /// <param name="output">Takes one line.</param>
    /// <param name="loadBefore">What <see cref="Load"/> said before anything was measured.</param>
    public static void Write(TextWriter output, string loadBefore) => output.WriteLine(string.Create(
        CultureInfo.InvariantCulture,
        $"{Processor()}, {Environment.ProcessorCount} cores, {Memory():0} GiB; {RuntimeInformation.OSDescription}; "
        + $"{RuntimeInformation.FrameworkDescription}; load before {loadBefore}, after {Load()}."));

    private static string Processor() => Field("/proc/cpuinfo", "model name") ?? RuntimeInformation.OSArchitecture.ToString();

    private static double Memory() => GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (double)(1 << 30);

    private static string? Field(string file, string name) =>
        !File.Exists(file) ? null : File.ReadLines(file)
            .FirstOrDefault(line => line.StartsWith(name, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
