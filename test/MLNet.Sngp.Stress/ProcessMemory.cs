using System.Globalization;

namespace MLNet.Sngp.Stress;

/// <summary>How much memory this process holds, in bytes.</summary>
internal static class ProcessMemory
{
    public const double Megabyte = 1 << 20;

    /// <summary>Managed objects that are alive after a collection, which gives what is free back to the system.</summary>
    public static long Managed()
    {
        GC.Collect();
        GC.WaitForPendingFinalizers();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        return GC.GetTotalMemory(forceFullCollection: false);
    }

    /// <summary>Everything that lies in memory, native and managed.</summary>
    public static long Resident() => Status("VmRSS:") ?? Environment.WorkingSet;

    /// <summary>The most that ever lay in memory since <see cref="ResetPeak"/>; where the system does not say, what lies there
    /// now.</summary>
    public static long Peak() => Status("VmHWM:") ?? Environment.WorkingSet;

    public static void ResetPeak()
    {
        if (OperatingSystem.IsLinux())
            File.WriteAllText("/proc/self/clear_refs", "5");
    }

    private static long? Status(string key)
    {
        if (!OperatingSystem.IsLinux())
            return null;
        foreach (var line in File.ReadLines("/proc/self/status"))
        {
            if (line.StartsWith(key, StringComparison.Ordinal))
                return long.Parse(line[key.Length..].Replace("kB", "", StringComparison.Ordinal), CultureInfo.InvariantCulture) * 1024;
        }
        return null;
    }
}
