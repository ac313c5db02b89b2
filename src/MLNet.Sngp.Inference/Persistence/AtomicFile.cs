using System.Formats.Tar;

namespace MLNet.Sngp.Persistence;

/// <summary>Writes files whole or not at all.</summary>
internal static class AtomicFile
{
    /// <summary>
    /// Writes to a temporary file beside <paramref name="path"/>, which takes its place, with its access rights, once it is complete and on
    /// the disk. A link stays and its target is replaced. What is no regular file, such as a pipe or a device, cannot be replaced: it is
    /// written to.
    /// </summary>
    /// <param name="path">The file as the user named it.</param>
    /// <param name="write">Writes the content.</param>
    /// <param name="suffix">
    /// Ends the temporary file's name; one that was left by a killed process is overwritten. <see langword="null"/> for a name of its own
    /// at every call.
    /// </param>
    /// <exception cref="IOException">It cannot be written; what was there before is untouched. The message names
    /// <paramref name="path"/>.</exception>
    public static void Write(string path, Action<Stream> write, string? suffix = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var temporary = "";
        try
        {
            var target = TargetOf(path);
            if (!IsReplaceable(target))
            {
                using var stream = new FileStream(target, FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
                write(stream);
                return;
            }
            temporary = target + (suffix ?? $".{Path.GetRandomFileName()}.tmp");
            Replace(target, temporary, write);
        }
        catch (DirectoryNotFoundException exception)
        {
            throw new DirectoryNotFoundException(
                $"The file '{path}' cannot be written: its folder does not exist. Create the folder first, or give another path.",
                exception);
        }
        catch (Exception exception) when (IsOfTheDisk(exception))
        {
            var reason = temporary.Length > 0 ? exception.Message.Replace(temporary, path, StringComparison.Ordinal) : exception.Message;
            throw new IOException($"The file '{path}' cannot be written: {reason}", exception);
        }
    }

    /// <summary>The file that is meant by <paramref name="path"/>: where its links lead.</summary>
    public static string TargetOf(string path)
    {
        var full = Path.GetFullPath(path);
        if (new FileInfo(full).LinkTarget is null || File.ResolveLinkTarget(full, returnFinalTarget: true) is not { } target)
            return full;
        // Links below /proc, such as standard output's, stand for what is open and lead to no path.
        return target.FullName.StartsWith("/proc/", StringComparison.Ordinal) ? full : target.FullName;
    }

    /// <summary>Whether <paramref name="target"/> is a regular file or nothing yet.</summary>
    public static bool IsReplaceable(string target)
    {
        // What is neither file nor folder has no length; only there is the kind asked for, in the one way that .NET has.
        var info = new FileInfo(target);
        if (OperatingSystem.IsWindows() || info.LinkTarget != null || !info.Exists || info.Length > 0)
            return info.LinkTarget is null && !target.StartsWith(@"\\.\", StringComparison.Ordinal);
        using var archive = new MemoryStream();
        using (var writer = new TarWriter(archive, leaveOpen: true))
            writer.WriteEntry(target, "entry");
        archive.Position = 0;
        using var reader = new TarReader(archive);
        return reader.GetNextEntry() is { EntryType: TarEntryType.RegularFile };
    }

    /// <summary>Whether an exception is one of the file system's.</summary>
    public static bool IsOfTheDisk(Exception exception) => exception is IOException or UnauthorizedAccessException or NotSupportedException;

    private static void Replace(string target, string temporary, Action<Stream> write)
    {
        if (Directory.Exists(target))
            throw new IOException("It is a folder.");
        UnixFileMode? mode = !OperatingSystem.IsWindows() && File.Exists(target) ? File.GetUnixFileMode(target) : null;
        File.Delete(temporary);
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, Share = FileShare.None };
            // From the first byte on nobody reads it who could not read the old file.
            if (!OperatingSystem.IsWindows() && mode is { } created)
                options.UnixCreateMode = created;
            using (var file = new FileStream(temporary, options))
            {
                if (!OperatingSystem.IsWindows() && mode is { } kept)
                    File.SetUnixFileMode(file.SafeFileHandle, kept);
                write(file);
                file.Flush(flushToDisk: true);
            }
            File.Move(temporary, target, overwrite: true);
        }
        catch
        {
            Delete(temporary);
            throw;
        }
    }

    private static void Delete(string temporary)
    {
        try
        {
            File.Delete(temporary);
        }
        catch (Exception exception) when (IsOfTheDisk(exception))
        {
            // The first error is the one to tell.
        }
    }
}
