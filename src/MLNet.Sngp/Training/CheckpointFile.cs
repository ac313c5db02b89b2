using System.Buffers.Binary;
using System.Security.Cryptography;
using MLNet.Sngp.Persistence;

namespace MLNet.Sngp.Training;

/// <summary>Reads and writes checkpoint files: a mark, the format's version, the length of the content, the content, and the SHA-256 of all
/// that.</summary>
internal static class CheckpointFile
{
    // Always the same, so that what a killed training left is overwritten.
    private const string TemporarySuffix = ".tmp";

    private const int Version = 1;
    private const int HeaderLength = 8 + sizeof(int) + sizeof(long);

    private static ReadOnlySpan<byte> Mark => "SNGPCKPT"u8;

    /// <summary>Writes beside the path, waits for the disk, and then takes the path's place: whoever is killed leaves the old file or the
    /// new one.</summary>
    /// <exception cref="IOException">It cannot be written; what was there before is untouched.</exception>
    public static void Write(string path, CheckpointContent content)
    {
        try
        {
            AtomicFile.Write(path, file =>
            {
                using var hash = SHA256.Create();
                using (var hashed = new CryptoStream(file, hash, CryptoStreamMode.Write, leaveOpen: true))
                {
                    hashed.Write(Header(content.CountBytes()));
                    content.Write(hashed);
                }
                file.Write(hash.Hash!);
            }, TemporarySuffix);
        }
        catch (IOException exception)
        {
            throw new IOException(
                $"The checkpoint '{path}' cannot be written: {exception.InnerException?.Message ?? exception.Message} What was in the file "
                + "before is untouched. Make room or change the rights, and call Fit again to go on from there.", exception);
        }
    }

    /// <exception cref="InvalidDataException">The file is no whole checkpoint; the message names it and says why.</exception>
    public static CheckpointContent Read(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read);
            var length = CheckHeader(file);
            CheckHash(file);
            file.Position = HeaderLength;
            return CheckpointContent.Read(file, length);
        }
        catch (Exception exception) when (exception is InvalidDataException or EndOfStreamException)
        {
            throw Unusable(path, exception.Message, exception);
        }
    }

    /// <summary>An error that names the file, the reason and the remedy.</summary>
    public static InvalidDataException Unusable(string path, string reason, Exception? inner = null) =>
        new($"The checkpoint '{path}' cannot be used: {reason}. Delete the file to train anew, or set another "
            + $"{nameof(TrainingOptions.CheckpointPath)}.", inner);

    /// <exception cref="IOException">A checkpoint could not be written to this path.</exception>
    public static void ThrowIfNotWritable(string path)
    {
        try
        {
            if (Directory.Exists(path))
                throw new IOException("It is a folder.");
            var target = AtomicFile.TargetOf(path);
            if (!AtomicFile.IsReplaceable(target))
                throw new IOException("It is no regular file.");
            var folder = Path.GetDirectoryName(target);
            if (!Directory.Exists(folder))
                throw new DirectoryNotFoundException($"The folder '{folder}' does not exist.");
            using var file =
                new FileStream(target + TemporarySuffix, FileMode.Create, FileAccess.Write, FileShare.None, 1, FileOptions.DeleteOnClose);
            file.WriteByte(0);
        }
        catch (Exception exception) when (AtomicFile.IsOfTheDisk(exception) || exception is ArgumentException)
        {
            throw new IOException(
                $"{nameof(TrainingOptions.CheckpointPath)} '{path}' cannot be written: {exception.Message} Nothing was trained. Give a "
                + "file in a folder that exists and may be written to.", exception);
        }
    }

    private static byte[] Header(long contentLength)
    {
        var header = new byte[HeaderLength];
        Mark.CopyTo(header);
        BinaryPrimitives.WriteInt32LittleEndian(header.AsSpan(8), Version);
        BinaryPrimitives.WriteInt64LittleEndian(header.AsSpan(12), contentLength);
        return header;
    }

    /// <returns>The length of the content.</returns>
    private static long CheckHeader(FileStream file)
    {
        var header = new byte[HeaderLength];
        if (file.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false) < HeaderLength || !header.AsSpan(0, 8).SequenceEqual(Mark))
            throw new InvalidDataException(FormattableString.Invariant(
                $"its {file.Length} bytes do not begin as a checkpoint does; it is cut off or of another program"));
        var version = BinaryPrimitives.ReadInt32LittleEndian(header.AsSpan(8));
        if (version != Version)
            throw new InvalidDataException(
                FormattableString.Invariant($"it is of format {version}, and this version of the library reads format {Version}"));
        var length = BinaryPrimitives.ReadInt64LittleEndian(header.AsSpan(12));
        if (length < 0 || length != file.Length - HeaderLength - SHA256.HashSizeInBytes)
            throw new InvalidDataException(FormattableString.Invariant(
                $"it has {file.Length} bytes, and its header speaks of a content of {length}; it is cut off or damaged"));
        return length;
    }

    private static void CheckHash(FileStream file)
    {
        file.Position = 0;
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 16];
        for (var left = file.Length - SHA256.HashSizeInBytes; left > 0;)
        {
            var count = (int)Math.Min(left, buffer.Length);
            file.ReadExactly(buffer, 0, count);
            hash.AppendData(buffer, 0, count);
            left -= count;
        }
        var written = new byte[SHA256.HashSizeInBytes];
        file.ReadExactly(written);
        if (!hash.GetHashAndReset().AsSpan().SequenceEqual(written))
            throw new InvalidDataException("its checksum is wrong; it is damaged");
    }
}
