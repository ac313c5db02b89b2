using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Microsoft.ML;

namespace MLNet.Sngp.Data;

/// <summary>The SHA-256 of all labelled rows of a table in its order, as hexadecimal digits.</summary>
internal static class RowFingerprint
{
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static string Of(RowSource rows, CancellationToken cancellation)
    {
        using var pass = rows.InOrder();
        return Of(rows, batch => pass.Read(batch), cancellation);
    }

    /// <summary>That of a table that is not read yet; reads it once.</summary>
    /// <exception cref="InvalidOperationException">A row cannot be used.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static string Of(IDataView input, TrainingColumns columns, CancellationToken cancellation)
    {
        using var cursor = new TrainingRowCursor(input, columns, cancellation);
        return Of(new TrainingTable(columns.NumberOfFeatures, columns.Weight != null), batch =>
        {
            var count = 0;
            for (; count < batch.Capacity && cursor.MoveNext(); count++)
            {
                cursor.Read(batch.FeaturesOf(count));
                batch.SetLabel(count, cursor.Label, cursor.Weight);
            }
            return count;
        }, cancellation);
    }

    private static string Of(RowSource rows, Func<RowBatch, int> read, CancellationToken cancellation)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        // The hash is fed some rows at a time, so their number is a part of it.
        var batch = new RowBatch(rows, RowBatch.RowsFor(rows.NumberOfFeatures));
        for (int count; (count = read(batch)) > 0;)
        {
            cancellation.ThrowIfCancellationRequested();
            hash.AppendData(MemoryMarshal.AsBytes(batch.Features.Span[..(count * batch.NumberOfFeatures)]));
            hash.AppendData(MemoryMarshal.AsBytes(batch.Labels.Span[..count]));
            if (batch.Weights is { } weights)
                hash.AppendData(MemoryMarshal.AsBytes(weights.Span[..count]));
        }
        return Convert.ToHexString(hash.GetHashAndReset());
    }
}
