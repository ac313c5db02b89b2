using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public static partial class linalg
    {
        private static readonly Op NormOp = new("linalg_norm");
        private static readonly Op NormTextOp = new("linalg_norm", "ord_str");
        private static readonly Op MatrixNormOp = new("linalg_matrix_norm");
        private static readonly Op MatrixNormTextOp = new("linalg_matrix_norm", "str_ord");
        private static readonly Op VectorNormOp = new("linalg_vector_norm");

        private static readonly long[] LastTwo = [-2, -1];

        public static Tensor norm(Tensor input, string ord, long[]? dims = null, bool keepdim = false) =>
            NormTextOp.Call(input, Arg.Text(ord), dims, keepdim);

        public static Tensor norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) =>
            NormOp.Call(input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, int ord, long[]? dims = null, bool keepdim = false) =>
            NormOp.Call(input, ord, dims, keepdim);

        public static Tensor norm(Tensor input, long[]? dims = null, bool keepdim = false) =>
            NormOp.Call(input, Arg.None, dims, keepdim);

        public static Tensor matrix_norm(Tensor input, string ord = "fro", long[]? dims = null, bool keepdim = false) =>
            MatrixNormTextOp.Call(input, Arg.Text(ord), dims ?? LastTwo, keepdim);

        public static Tensor matrix_norm(Tensor input, double ord, long[]? dims = null, bool keepdim = false) =>
            MatrixNormOp.Call(input, ord, dims ?? LastTwo, keepdim);

        public static Tensor vector_norm(Tensor input, double ord = 2, long[]? dims = null, bool keepdim = false) =>
            VectorNormOp.Call(input, ord, dims, keepdim);
    }
}
