using static TorchSharp.torch;

namespace MLNet.Sngp.Posterior;

/// <summary>Matrix products in parts, between which a training can be cancelled: one native call cannot be stopped.</summary>
internal static class SplitProduct
{
    // A few tenths of a second on two cores. What is smaller is one call, whose bits a split might change.
    private const double MostOperations = 2e10;

    /// <summary>C ← β·C + α·A·B, some rows at a time.</summary>
    /// <param name="result">C, shape [N, K].</param>
    /// <param name="left">A, shape [N, L].</param>
    /// <param name="right">B, shape [L, K].</param>
    /// <param name="beta">β; with 0 the old values of C do not matter.</param>
    /// <param name="alpha">α.</param>
    /// <param name="throwIfCancelled">Is called after each part.</param>
    public static void AddTo(Tensor result, Tensor left, Tensor right, float beta, float alpha, Action throwIfCancelled)
    {
        var count = result.shape[0];
        var most = Math.Max(1, (long)(MostOperations / (2.0 * right.shape[0] * right.shape[1])));
        for (var start = 0L; start < count; start += most)
        {
            using var scope = NewDisposeScope();
            var rows = Math.Min(most, count - start);
            result.narrow(0, start, rows).addmm_(left.narrow(0, start, rows), right, beta, alpha);
            throwIfCancelled();
        }
    }

    /// <summary>A·B.</summary>
    public static Tensor Of(Tensor left, Tensor right, Action throwIfCancelled)
    {
        var result = left.new_empty(left.shape[0], right.shape[1]);
        AddTo(result, left, right, beta: 0, alpha: 1, throwIfCancelled);
        return result;
    }
}
