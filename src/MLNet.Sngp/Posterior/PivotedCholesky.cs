using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Posterior;

/// <summary>A Cholesky decomposition that takes the columns with the largest rest first and stops when little is left.</summary>
/// <remarks>
/// Harbrecht, Peters, Schneider 2012, "On the low-rank approximation by the pivoted Cholesky decomposition", some columns at a time.
/// Takes a fraction of the time of an eigendecomposition where the rank is low.
/// </remarks>
internal static class PivotedCholesky
{
    private const long Block = 96;

    // Eigenvalues of a block below this share of its largest are not divided by: their columns wait for a later block.
    private const double SafeShare = 1e-10;

    /// <summary>L with |S − LLᵀ| ≤ <paramref name="rest"/> in the Frobenius norm; null where that takes more than seven eighths of the
    /// columns, or none.</summary>
    /// <param name="sum">S, shape [M, M], symmetric and positive semi-definite.</param>
    /// <param name="largestRank">What the rank of S cannot exceed.</param>
    /// <param name="rest">Well above the rounding errors of S.</param>
    /// <param name="throwIfCancelled">Is called after each block.</param>
    public static Tensor? Decompose(Tensor sum, long largestRank, double rest, Action throwIfCancelled)
    {
        using var scope = NewDisposeScope();
        var left = sum.clone();
        var parts = new List<Tensor>();
        var (rank, mostColumns) = (0L, sum.shape[0] * 7 / 8);
        var whole = left.norm().item<double>();
        for (var norm = whole; !(norm <= rest); norm = left.norm().item<double>())
        {
            if (rank >= mostColumns || (largestRank > mostColumns && !IsOnCourse(rank, mostColumns, norm / whole, rest / whole))
                || TakeColumns(left, Math.Min(Block, mostColumns - rank), throwIfCancelled) is not { } part)
                return null;
            parts.Add(part);
            rank += part.shape[1];
        }
        return rank == 0 ? null : scope.MoveToOuter(cat(parts, 1));
    }

    /// <summary>Whether the rest gets small enough in time if it shrinks on as fast as so far; mostly it slows down.</summary>
    private static bool IsOnCourse(long rank, long mostColumns, double reached, double wanted) =>
        rank < 2 * Block || Math.Log(reached) / rank * mostColumns <= Math.Log(wanted);

    /// <summary>The columns L of the largest diagonal elements of a rest, from which LLᵀ is taken; null where the rest is none.</summary>
    private static Tensor? TakeColumns(Tensor left, long count, Action throwIfCancelled)
    {
        using var scope = NewDisposeScope();
        var (_, pivots) = left.diagonal().topk((int)count);
        var columns = left.index_select(1, pivots);
        // Columns that are alike leave the block in which they meet nearly singular; its eigenpairs say what is safe to divide by.
        var (values, vectors) = linalg.eigh(columns.index_select(0, pivots));
        var largest = values[count - 1].item<double>();
        if (!(largest > 0))
            return null;
        using var smallest = (largest * SafeShare).ToScalar();
        var safe = values.gt(smallest).sum().item<long>();
        var root = columns.mm(vectors.narrow(1, count - safe, safe).div(values.narrow(0, count - safe, safe).sqrt()));
        SplitProduct.AddTo(left, root, root.t(), beta: 1, alpha: -1, throwIfCancelled);
        return scope.MoveToOuter(root);
    }
}
