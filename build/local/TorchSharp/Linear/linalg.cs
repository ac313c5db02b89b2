using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    /// <summary>Decompositions, solutions and norms of matrices.</summary>
    public static partial class linalg
    {
        public enum QRMode { Reduced = 0, Complete = 1, R = 2 }

        private static readonly Op CholeskyOp = new("linalg_cholesky");
        private static readonly Op CholeskyExOp = new("linalg_cholesky_ex");
        private static readonly Op DetOp = new("linalg_det");
        private static readonly Op SlogdetOp = new("linalg_slogdet");
        private static readonly Op EighOp = new("linalg_eigh");
        private static readonly Op EigvalshOp = new("linalg_eigvalsh");
        private static readonly Op InvOp = new("linalg_inv");
        private static readonly Op MatrixExpOp = new("linalg_matrix_exp");
        private static readonly Op MultiDotOp = new("linalg_multi_dot");
        private static readonly Op QrOp = new("linalg_qr");
        private static readonly Op SvdOp = new("linalg_svd");
        private static readonly Op SvdvalsOp = new("linalg_svdvals");
        private static readonly Op SolveOp = new("linalg_solve");
        private static readonly Op SolveTriangularOp = new("linalg_solve_triangular");
        private static readonly Op LuFactorOp = new("linalg_lu_factor");
        private static readonly Op LuSolveOp = new("linalg_lu_solve");

        public static Tensor cholesky(Tensor input) => CholeskyOp.Call(input);

        /// <summary>The factor and, for each matrix, the order of the first minor that is not positive definite, or 0.</summary>
        public static (Tensor L, Tensor info) cholesky_ex(Tensor input, bool check_errors = false) =>
            CholeskyExOp.CallPair(input, false, check_errors);

        public static Tensor det(Tensor input) => DetOp.Call(input);
        public static (Tensor, Tensor) slogdet(Tensor input) => SlogdetOp.CallPair(input);
        public static (Tensor, Tensor) eigh(Tensor input, char UPLO = 'L') => EighOp.CallPair(input, Arg.Text(UPLO.ToString()));
        public static Tensor eigvalsh(Tensor input, char UPLO = 'L') => EigvalshOp.Call(input, Arg.Text(UPLO.ToString()));
        public static Tensor inv(Tensor input) => InvOp.Call(input);
        public static Tensor matrix_exp(Tensor input) => MatrixExpOp.Call(input);
        public static Tensor multi_dot(IList<Tensor> tensors) => tensors.Count == 0
            ? throw new ArgumentException("Empty tensor list", nameof(tensors))
            : MultiDotOp.Call(Arg.Tensors(tensors));

        public static (Tensor Q, Tensor R) qr(Tensor input, QRMode mode = QRMode.Reduced) =>
            QrOp.CallPair(input, Arg.Text(mode == QRMode.R ? "r" : mode.ToString().ToLowerInvariant()));

        public static (Tensor U, Tensor S, Tensor Vh) svd(Tensor input, bool fullMatrices = true) => SvdOp.CallTriple(input, fullMatrices);
        public static Tensor svdvals(Tensor input) => SvdvalsOp.Call(input);

        public static Tensor solve(Tensor A, Tensor B, bool left = true) => SolveOp.Call(A, B, left);

        public static Tensor solve_triangular(Tensor A, Tensor B, bool upper, bool left = true, bool unitriangular = false, Tensor? @out = null)
        {
            var solution = SolveTriangularOp.Call(A, B, upper, left, unitriangular);
            return @out is null ? solution : @out.copy_(solution).alias();
        }

        public static (Tensor LU, Tensor? Pivots) lu_factor(Tensor input, bool pivot = true) => LuFactorOp.CallPair(input, pivot);

        public static Tensor lu_solve(Tensor LU, Tensor pivots, Tensor B, bool left = true, bool adjoint = false, Tensor? @out = null)
        {
            var solution = LuSolveOp.Call(LU, pivots, B, left, adjoint);
            return @out is null ? solution : @out.copy_(solution).alias();
        }
    }
}
