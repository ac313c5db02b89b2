using System.Diagnostics;
using System.Globalization;

namespace MLNet.Sngp.Stress.Fuzzing;

/// <summary>Splits the cases among processes, so that a crash of native code is seen, with its case, and does not end the run.</summary>
internal static class FuzzDriver
{
    private const int MostFailures = 5;

    public static string Run(string kind, int cases)
    {
        var started = Stopwatch.GetTimestamp();
        var processes = Math.Clamp(Environment.ProcessorCount, 1, 8);
        var failures = new List<string>();
        var figures = new long[4];
        Parallel.For(0, processes, new ParallelOptions { MaxDegreeOfParallelism = processes }, process =>
        {
            var first = (int)((long)cases * process / processes);
            var end = (int)((long)cases * (process + 1) / processes);
            while (first < end && failures.Count < MostFailures)
                first = RunRange(kind, first, end, figures, failures);
        });
        if (failures.Count > 0)
            throw new InvalidOperationException(string.Join('\n', failures));
        return string.Create(CultureInfo.InvariantCulture,
            $"{figures[0]} files, {figures[1]} loaded, {figures[0] - figures[1]} refused, at most {figures[2] / ProcessMemory.Megabyte:F1} "
            + $"MB allocated and {figures[3] / ProcessMemory.Megabyte:F1} MB resident for a file, "
            + $"{Stopwatch.GetElapsedTime(started).TotalSeconds:F0} s in {processes} processes:");
    }

    // Gives the case to go on with.
    private static int RunRange(string kind, int first, int end, long[] figures, List<string> failures)
    {
        var progress = Path.GetTempFileName();
        try
        {
            var (status, output) = ChildProcess.Run([], "fuzz-worker", kind, Text(first), Text(end), progress);
            var last = output.TrimEnd().Split('\n')[^1];
            if (status == 0 && last.StartsWith("fuzz-worker: ", StringComparison.Ordinal))
            {
                Add(figures, last.Split(' ')[1..5]);
                return end;
            }
            var bytes = File.ReadAllBytes(progress);
            var number = bytes.Length < sizeof(int) ? first : BitConverter.ToInt32(bytes);
            lock (failures)
                failures.Add($"{kind} case {number}, exit status {status}: {output.Trim()} (file: {Keep(kind, number)})");
            return number + 1;
        }
        finally
        {
            File.Delete(progress);
        }
    }

    private static void Add(long[] figures, string[] numbers)
    {
        lock (figures)
        {
            for (var i = 0; i < figures.Length; i++)
            {
                var number = long.Parse(numbers[i], CultureInfo.InvariantCulture);
                figures[i] = i < 2 ? figures[i] + number : Math.Max(figures[i], number);
            }
        }
    }

    private static string Keep(string kind, int number)
    {
        var folder = Directory.CreateDirectory(
            Path.Combine(Environment.GetEnvironmentVariable(Scenario.FolderVariable) ?? Path.GetTempPath(), "fuzz")).FullName;
        var file = Path.Combine(folder, $"case-{number}.{kind}");
        File.WriteAllBytes(file, FuzzTarget.Case(kind, FuzzTarget.Seeds(kind), number));
        return file;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
