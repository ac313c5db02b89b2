using System.Diagnostics;
using System.Globalization;
using Microsoft.ML;

namespace MLNet.Sngp.Stress.Fuzzing;

/// <summary>Goes through a range of cases in a process of its own, which a native crash may end.</summary>
/// <remarks>Arguments: kind, first, end, file for the number of the case that runs.</remarks>
internal static class FuzzWorker
{
    private const long AlwaysAllowedBytes = 64 << 20;
    private const long AllowedGrowth = 20;
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static long _started;
    private static int _case;

    public static string Run(string[] arguments)
    {
        var (kind, first, end) = (arguments[0], Number(arguments[1]), Number(arguments[2]));
        using var progress = File.OpenHandle(arguments[3], FileMode.Create, FileAccess.Write);
        var seeds = FuzzTarget.Seeds(kind);
        var context = new MLContext(seed: 1);
        FuzzTarget.Try(context, kind, seeds[0].Bytes);
        Watch();
        var loaded = 0;
        long mostAllocated = 0, mostGrown = 0;
        for (var number = first; number < end; number++)
        {
            RandomAccess.Write(progress, BitConverter.GetBytes(number), 0);
            var bytes = FuzzTarget.Case(kind, seeds, number);
            var (isLoaded, allocated, grown) = Measure(context, kind, bytes, number);
            loaded += isLoaded ? 1 : 0;
            mostAllocated = Math.Max(mostAllocated, allocated);
            mostGrown = Math.Max(mostGrown, grown);
        }
        return FormattableString.Invariant($"{end - first} {loaded} {mostAllocated} {mostGrown}");
    }

    private static (bool IsLoaded, long Allocated, long Grown) Measure(MLContext context, string kind, byte[] bytes, int number)
    {
        ProcessMemory.ResetPeak();
        var resident = ProcessMemory.Resident();
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        bool isLoaded;
        Volatile.Write(ref _case, number);
        Volatile.Write(ref _started, Stopwatch.GetTimestamp());
        try
        {
            isLoaded = FuzzTarget.Try(context, kind, bytes);
        }
        catch (Exception exception)
        {
            throw new InvalidOperationException($"Case {number} ended with {exception.GetType().Name}.", exception);
        }
        Volatile.Write(ref _started, 0);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        var grown = ProcessMemory.Peak() - resident;
        var allowed = AlwaysAllowedBytes + (AllowedGrowth * bytes.Length);
        // What ML.NET reads of a zip file it may reserve by what the file says; what counts there is what it really takes.
        Scenario.Require(allocated <= allowed || kind == "zip", $"Case {number} allocated {allocated} bytes for a file of {bytes.Length}.");
        Scenario.Require(grown <= allowed, $"Case {number} took {grown} bytes of memory for a file of {bytes.Length}.");
        return (isLoaded, allocated, grown);
    }

    private static void Watch()
    {
        var thread = new Thread(() =>
        {
            while (true)
            {
                Thread.Sleep(500);
                var started = Volatile.Read(ref _started);
                if (started == 0 || Stopwatch.GetElapsedTime(started) < Limit)
                    continue;
                Console.WriteLine($"Case {Volatile.Read(ref _case)} ran for more than {Limit.TotalSeconds} s.");
                Environment.Exit(3);
            }
        });
        thread.IsBackground = true;
        thread.Start();
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
