using System.Globalization;
using System.Diagnostics;
using MLNet.Sngp.Training;

namespace MLNet.Sngp.Stress.Scenarios;

/// <summary>
/// Kills trainings with SIGKILL at random moments. Each goes on from its last whole checkpoint, and ends with the bytes of one that nobody
/// killed.
/// </summary>
internal static class Kill
{
    public static string Run(int kills)
    {
        var folder = Directory.CreateTempSubdirectory("sngp-kill-").FullName;
        try
        {
            var random = new Random(1);
            var (done, resumed, trainings) = (0, 0, 0);
            while (done < kills)
            {
                var name = KillTraining.Names[trainings % KillTraining.Names.Count];
                // Up to three kills of each training, so that all kinds take part.
                var (killed, wentOn) = Interrupt(folder, name, random, Math.Min(3, kills - done));
                done += killed;
                resumed += wentOn;
                trainings++;
            }
            return string.Create(CultureInfo.InvariantCulture,
                $"{done} kills of {trainings} trainings, {resumed} of them with a checkpoint to go on from; every model has the bytes of "
                + $"an uninterrupted training:");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    /// <summary>The worker: trains and writes the model.</summary>
    public static string Train(string[] arguments)
    {
        var bytes = KillTraining.Run(arguments[0], arguments[1]);
        File.WriteAllBytes(arguments[2], bytes);
        return FormattableString.Invariant($"{bytes.Length} bytes");
    }

    private static (int Kills, int Resumed) Interrupt(string folder, string name, Random random, int kills)
    {
        var expected = Path.Combine(folder, name + ".expected");
        if (!File.Exists(expected))
            Finish(name, Path.Combine(folder, name + ".uninterrupted"), expected);
        var (checkpoint, model) = (Path.Combine(folder, name + ".checkpoint"), Path.Combine(folder, name + ".onnx"));
        var (done, resumed) = (0, 0);
        while (done < kills)
        {
            if (KillOne(name, checkpoint, model, random))
            {
                done++;
                resumed += CountWhole(checkpoint) > 0 ? 1 : 0;
            }
            else
                Compare(name, expected, model, checkpoint);
        }
        Finish(name, checkpoint, model);
        Compare(name, expected, model, checkpoint);
        return (done, resumed);
    }

    /// <returns>Whether the training was killed before it had written its model.</returns>
    private static bool KillOne(string name, string checkpoint, string model, Random random)
    {
        using var process = ChildProcess.Start([], "kill-worker", name, checkpoint, model);
        var before = Newest(checkpoint);
        var started = Stopwatch.GetTimestamp();
        // Half of the moments are counted from the first checkpoint that this process writes: starting takes most of a short run.
        if (random.Next(4) > 0)
        {
            while (!process.HasExited && Newest(checkpoint) == before && Stopwatch.GetElapsedTime(started) < TimeSpan.FromMinutes(1))
                Thread.Sleep(1);
        }
        Thread.Sleep(random.Next(1, 1500));
        if (process.HasExited || File.Exists(model))
        {
            process.WaitForExit();
            Scenario.Require(process.ExitCode == 0,
                $"The training ended with {process.ExitCode}: {process.StandardOutput.ReadToEnd()}{process.StandardError.ReadToEnd()}");
            return false;
        }
        process.Kill();
        process.WaitForExit();
        return true;
    }

    private static void Finish(string name, string checkpoint, string model)
    {
        var (status, output) = ChildProcess.Run([], "kill-worker", name, checkpoint, model);
        Scenario.Require(status == 0, $"The training of {name} ended with {status}: {output}");
    }

    private static void Compare(string name, string expected, string model, string checkpoint)
    {
        Scenario.Require(File.ReadAllBytes(expected).AsSpan().SequenceEqual(File.ReadAllBytes(model)),
            $"The model of {name} differs from that of an uninterrupted training.");
        File.Delete(model);
        foreach (var file in Files(checkpoint))
            File.Delete(file);
    }

    /// <summary>Reads every checkpoint, which fails for one that is not whole.</summary>
    private static int CountWhole(string checkpoint)
    {
        var files = Files(checkpoint).Where(file => !file.EndsWith(".tmp", StringComparison.Ordinal)).ToList();
        files.ForEach(file => CheckpointFile.Read(file));
        return files.Count;
    }

    private static DateTime Newest(string checkpoint) =>
        Files(checkpoint).Where(file => !file.EndsWith(".tmp", StringComparison.Ordinal)).Select(File.GetLastWriteTimeUtc).DefaultIfEmpty()
            .Max();

    private static string[] Files(string checkpoint) =>
        Directory.GetFiles(Path.GetDirectoryName(checkpoint)!, Path.GetFileName(checkpoint) + "*");
}
