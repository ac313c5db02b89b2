using Microsoft.ML;

namespace MLNet.Sngp.Scoring;

/// <summary>Computes columns from one column of a table, some rows at a time. Any number of threads may do so at once, each through buffers
/// of
/// its own.</summary>
internal abstract class RowScorer
{
    /// <summary>The columns, in the order of the schema's.</summary>
    public abstract IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>The number of batches to compute ahead of a caller: enough to keep every core busy, without holding a whole table in memory
    /// on a machine with many.</summary>
    public virtual int ReadAhead => Math.Clamp(Environment.ProcessorCount, 1, 8);

    /// <summary>The columns of a table with these added.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The column that they are computed from is missing or of another type.</exception>
    public abstract ScoredSchema AddTo(DataViewSchema input);

    /// <summary>The largest number of rows in a batch.</summary>
    public abstract int Capacity(IReadOnlyList<OutputColumn> outputs);

    /// <summary>What reads the column that they are computed from.</summary>
    public abstract InputReader CreateReader(DataViewRow input, DataViewSchema.Column column);

    /// <summary>Room for a number of rows.</summary>
    /// <param name="outputs">The columns to compute, at least one.</param>
    /// <param name="rows">The largest number of rows in one run.</param>
    public abstract RowBuffers CreateBuffers(IReadOnlyList<OutputColumn> outputs, int rows);
}
