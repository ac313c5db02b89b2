using System.Diagnostics;

namespace MLNet.Sngp.Stress.Scenarios;

/// <summary>Trains with its checkpoint on a file system that fills up, and goes on once there is room.</summary>
internal static class FullDisk
{
    private const string Training = "gathered-after";

    public static string Run()
    {
        var folder = Directory.CreateTempSubdirectory("sngp-disk-").FullName;
        try
        {
            var expected = KillTraining.Run(Training, Path.Combine(folder, "roomy"));
            var size = new FileInfo(Directory.GetFiles(folder, "roomy*").Single()).Length;
            var disk = Directory.CreateDirectory(Path.Combine(folder, "disk")).FullName;
            if (!Mount(FormattableString.Invariant($"-t tmpfs -o size={3 * size / 2} tmpfs {disk}")))
                return "skipped, a file system cannot be mounted here:";
            try
            {
                return Fill(disk, expected, size);
            }
            finally
            {
                Run("umount", disk);
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Fill(string disk, byte[] expected, long size)
    {
        var checkpoint = Path.Combine(disk, "state");
        var message = "";
        try
        {
            KillTraining.Run(Training, checkpoint);
        }
        catch (IOException exception)
        {
            message = exception.Message;
        }
        // There is room for one file, and not for another beside it.
        Scenario.Require(message.Contains(checkpoint, StringComparison.Ordinal), $"The full disk was not told: {message}");
        Scenario.Require(Directory.GetFiles(disk) is [var file] && file.StartsWith(checkpoint + ".", StringComparison.Ordinal)
            && new FileInfo(file).Length > size / 2, "The first checkpoint is not what is left.");
        Scenario.Require(
            Mount(FormattableString.Invariant($"-o remount,size={4 * size} {disk}")), "The file system could not be made larger.");
        Scenario.Require(KillTraining.Run(Training, checkpoint).AsSpan().SequenceEqual(expected),
            "The model differs from that of a training with room.");
        return FormattableString.Invariant(
            $"a disk of {3 * size / 2} bytes for checkpoints of {size}: the second was refused, the first went on:");
    }

    private static bool Mount(string arguments) => Run("mount", arguments.Split(' '));

    private static bool Run(string program, params string[] arguments)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true });
            process!.WaitForExit();
            return process.ExitCode == 0;
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return false;
        }
    }
}
