using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Products of matrices and vectors.
    public partial class Tensor
    {
        public Tensor mm(Tensor target) => MmOp.Call(this, target);
        public Tensor matmul(Tensor target) => MatmulOp.Call(this, target);
        public Tensor bmm(Tensor batch2) => BmmOp.Call(this, batch2);
        public Tensor baddbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => BaddbmmOp.Call(this, batch1, batch2, beta, alpha);
        public Tensor mv(Tensor target) => MvOp.Call(this, target);
        public Tensor dot(Tensor target) => DotOp.Call(this, target);
        public Tensor vdot(Tensor target) => VdotOp.Call(this, target);
        public Tensor outer(Tensor vec2) => OuterOp.Call(this, vec2);
        public Tensor ger(Tensor vec2) => GerOp.Call(this, vec2);
        public Tensor inner(Tensor vec2) => InnerOp.Call(this, vec2);
        public Tensor addmm(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) => AddmmOp.Call(this, mat1, mat2, beta, alpha);
        public Tensor addmm_(Tensor mat1, Tensor mat2, float beta = 1, float alpha = 1) { AddmmInPlaceOp.Run(this, mat1, mat2, beta, alpha); return this; }
        public Tensor addmv(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) => AddmvOp.Call(this, mat, vec, beta, alpha);
        public Tensor addmv_(Tensor mat, Tensor vec, float beta = 1, float alpha = 1) { AddmvInPlaceOp.Run(this, mat, vec, beta, alpha); return this; }
        public Tensor addr(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) => AddrOp.Call(this, vec1, vec2, beta, alpha);
        public Tensor addr_(Tensor vec1, Tensor vec2, float beta = 1, float alpha = 1) { AddrInPlaceOp.Run(this, vec1, vec2, beta, alpha); return this; }
        public Tensor addbmm(Tensor batch1, Tensor batch2, float beta = 1, float alpha = 1) => AddbmmOp.Call(this, batch1, batch2, beta, alpha);
        public Tensor cholesky(bool upper = false) => LinalgCholeskyOp.Call(this, upper);
        public Tensor cholesky_inverse(bool upper = false) => CholeskyInverseOp.Call(this, upper);
        public Tensor cholesky_solve(Tensor input2, bool upper = false) => CholeskySolveOp.Call(this, input2, upper);
        public Tensor trace() => TraceOp.Call(this);
        public Tensor det() => DetOp.Call(this);
        public Tensor logdet() => LogdetOp.Call(this);
        public Tensor inverse() => InverseOp.Call(this);
        public Tensor diag(long diagonal = 0) => DiagOp.Call(this, diagonal);
        public Tensor diagonal(long offset = 0, long dim1 = 0, long dim2 = 1) => DiagonalOp.Call(this, offset, dim1, dim2);
        public Tensor diag_embed(long offset = 0, long dim1 = -2, long dim2 = -1) => DiagEmbedOp.Call(this, offset, dim1, dim2);
        public Tensor diagflat(long offset = 0) => DiagflatOp.Call(this, offset);
        public Tensor tril(long diagonal = 0) => TrilOp.Call(this, diagonal);
        public Tensor tril_(long diagonal = 0) { TrilInPlaceOp.Run(this, diagonal); return alias(); }
        public Tensor triu(long diagonal = 0) => TriuOp.Call(this, diagonal);
        public Tensor triu_(long diagonal = 0) { TriuInPlaceOp.Run(this, diagonal); return alias(); }
        public Tensor kron(Tensor other) => KronOp.Call(this, other);
        public Tensor matrix_power(int n) => MatrixPowerOp.Call(this, n);

        private static readonly Op MmOp = new("mm");
        private static readonly Op MatmulOp = new("matmul");
        private static readonly Op BmmOp = new("bmm");
        private static readonly Op BaddbmmOp = new("baddbmm");
        private static readonly Op MvOp = new("mv");
        private static readonly Op DotOp = new("dot");
        private static readonly Op VdotOp = new("vdot");
        private static readonly Op OuterOp = new("outer");
        private static readonly Op GerOp = new("ger");
        private static readonly Op InnerOp = new("inner");
        private static readonly Op AddmmOp = new("addmm");
        private static readonly Op AddmmInPlaceOp = new("addmm_");
        private static readonly Op AddmvOp = new("addmv");
        private static readonly Op AddmvInPlaceOp = new("addmv_");
        private static readonly Op AddrOp = new("addr");
        private static readonly Op AddrInPlaceOp = new("addr_");
        private static readonly Op AddbmmOp = new("addbmm");
        private static readonly Op LinalgCholeskyOp = new("linalg_cholesky");
        private static readonly Op CholeskyInverseOp = new("cholesky_inverse");
        private static readonly Op CholeskySolveOp = new("cholesky_solve");
        private static readonly Op TraceOp = new("trace");
        private static readonly Op DetOp = new("det");
        private static readonly Op LogdetOp = new("logdet");
        private static readonly Op InverseOp = new("inverse");
        private static readonly Op DiagOp = new("diag");
        private static readonly Op DiagonalOp = new("diagonal");
        private static readonly Op DiagEmbedOp = new("diag_embed");
        private static readonly Op DiagflatOp = new("diagflat");
        private static readonly Op TrilOp = new("tril");
        private static readonly Op TrilInPlaceOp = new("tril_");
        private static readonly Op TriuOp = new("triu");
        private static readonly Op TriuInPlaceOp = new("triu_");
        private static readonly Op KronOp = new("kron");
        private static readonly Op MatrixPowerOp = new("matrix_power");
    }
}
