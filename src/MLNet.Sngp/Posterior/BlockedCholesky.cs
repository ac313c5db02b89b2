using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Posterior;

/// <summary>The inverse of a Cholesky factor, block by block, between which a training can be cancelled: LAPACK's own call cannot be
/// stopped.</summary>
/// <remarks>The right-looking form of Golub and Van Loan 2013, section 4.2.9. Blocks above the diagonal are not touched, so the work is
/// that of LAPACK or less.</remarks>
internal static class BlockedCholesky
{
    // One block, and LAPACK's bits, up to here.
    private const long LargestWhole = 1024;
    private const long Block = 512;

    /// <summary>scale·L⁻¹ with LLᵀ = A; null where A is not positive definite to working precision.</summary>
    /// <param name="matrix">A, shape [M, M], symmetric, in double precision. Its memory is used for the result.</param>
    /// <param name="scale">Any number.</param>
    /// <param name="throwIfCancelled">Is called after each block.</param>
    public static Tensor? ScaledInverse(Tensor matrix, double scale, Action throwIfCancelled)
    {
        using var scope = NewDisposeScope();
        var blocks = new Blocks(matrix, matrix.shape[0] <= LargestWhole ? matrix.shape[0] : Block);
        var diagonal = new Tensor[blocks.Count];
        for (var k = 0; k < diagonal.Length; k++)
        {
            var (lower, info) = linalg.cholesky_ex(blocks[k, k]);
            if (info.item<int>() != 0 || !lower.isfinite().all().item<bool>())
                return null;
            diagonal[k] = lower;
            Eliminate(blocks, k, lower, throwIfCancelled);
        }
        for (var i = 0; i < diagonal.Length; i++)
            InvertRow(blocks, i, diagonal[i], scale, throwIfCancelled);
        matrix.tril_();
        return matrix;
    }

    /// <summary>The columns of L below a block of the diagonal, and what they leave of the rest.</summary>
    private static void Eliminate(Blocks blocks, int k, Tensor lower, Action throwIfCancelled)
    {
        using var scope = NewDisposeScope();
        if (k + 1 < blocks.Count)
        {
            var below = blocks.Below(k + 1, k);
            below.copy_(linalg.solve_triangular(lower.t(), below, upper: true, left: false));
        }
        throwIfCancelled();
        for (var j = k + 1; j < blocks.Count; j++)
        {
            using var inner = NewDisposeScope();
            blocks.Below(j, j).addmm_(blocks.Below(j, k), blocks[j, k].t(), beta: 1, alpha: -1);
            throwIfCancelled();
        }
    }

    /// <summary>Row i of X = scale·L⁻¹ in place of that of L: Xᵢᵢ = scale·Lᵢᵢ⁻¹ and Xᵢⱼ = −Lᵢᵢ⁻¹·Σₘ LᵢₘXₘⱼ over j ≤ m &lt; i.</summary>
    private static void InvertRow(Blocks blocks, int i, Tensor lower, double scale, Action throwIfCancelled)
    {
        for (var j = 0; j < i; j++)
        {
            using var scope = NewDisposeScope();
            var sum = blocks.Across(i, j, i).mm(blocks.Down(j, i, j));
            blocks[i, j].copy_(linalg.solve_triangular(lower, sum, upper: false).neg_());
            throwIfCancelled();
        }
        using var last = NewDisposeScope();
        using var held = scale.ToScalar();
        var right = eye(lower.shape[0], dtype: ScalarType.Float64, device: lower.device).mul_(held);
        blocks[i, i].copy_(linalg.solve_triangular(lower, right, upper: false));
        throwIfCancelled();
    }

    /// <summary>A square matrix in blocks, the last of which may be smaller. What it gives are views.</summary>
    private readonly struct Blocks(Tensor matrix, long size)
    {
        public int Count { get; } = (int)((matrix.shape[0] + size - 1) / size);

        public Tensor this[int row, int column] => Part(row, row + 1, column, column + 1);

        /// <summary>A column of blocks from a row on.</summary>
        public Tensor Below(int row, int column) => Part(row, Count, column, column + 1);

        /// <summary>A column of blocks between two rows.</summary>
        public Tensor Down(int from, int to, int column) => Part(from, to, column, column + 1);

        /// <summary>A row of blocks between two columns.</summary>
        public Tensor Across(int row, int from, int to) => Part(row, row + 1, from, to);

        private Tensor Part(int top, int bottom, int left, int right) => matrix.narrow(0, top * size, Length(top, bottom))
            .narrow(1, left * size, Length(left, right));

        private long Length(int from, int to) => Math.Min(to * size, matrix.shape[0]) - from * size;
    }
}
