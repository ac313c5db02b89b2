using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Functions of each element.
    public partial class Tensor
    {
        public Tensor abs() => AbsOp.Call(this);
        public Tensor abs_() { AbsInPlaceOp.Run(this); return this; }
        public Tensor sqrt() => SqrtOp.Call(this);
        public Tensor sqrt_() { SqrtInPlaceOp.Run(this); return this; }
        public Tensor rsqrt() => RsqrtOp.Call(this);
        public Tensor rsqrt_() { RsqrtInPlaceOp.Run(this); return this; }
        public Tensor square() => SquareOp.Call(this);
        public Tensor exp() => ExpOp.Call(this);
        public Tensor exp_() { ExpInPlaceOp.Run(this); return this; }
        public Tensor exp2() => Exp2Op.Call(this);
        public Tensor expm1() => Expm1Op.Call(this);
        public Tensor expm1_() { Expm1InPlaceOp.Run(this); return this; }
        public Tensor log() => LogOp.Call(this);
        public Tensor log_() { LogInPlaceOp.Run(this); return this; }
        public Tensor log1p() => Log1pOp.Call(this);
        public Tensor log1p_() { Log1pInPlaceOp.Run(this); return this; }
        public Tensor log2() => Log2Op.Call(this);
        public Tensor log10() => Log10Op.Call(this);
        public Tensor cos() => CosOp.Call(this);
        public Tensor cos_() { CosInPlaceOp.Run(this); return this; }
        public Tensor sin() => SinOp.Call(this);
        public Tensor sin_() { SinInPlaceOp.Run(this); return this; }
        public Tensor tan() => TanOp.Call(this);
        public Tensor tan_() { TanInPlaceOp.Run(this); return this; }
        public Tensor acos() => AcosOp.Call(this);
        public Tensor asin() => AsinOp.Call(this);
        public Tensor atan() => AtanOp.Call(this);
        public Tensor tanh() => TanhOp.Call(this);
        public Tensor tanh_() { TanhInPlaceOp.Run(this); return this; }
        public Tensor sigmoid() => SigmoidOp.Call(this);
        public Tensor sigmoid_() { SigmoidInPlaceOp.Run(this); return this; }
        public Tensor relu() => ReluOp.Call(this);
        public Tensor relu_() { ReluInPlaceOp.Run(this); return this; }
        public Tensor softplus(double beta = 1, double threshold = 20) => SoftplusOp.Call(this, beta, threshold);
        public Tensor erf() => ErfOp.Call(this);
        public Tensor erf_() { ErfInPlaceOp.Run(this); return this; }
        public Tensor erfc() => ErfcOp.Call(this);
        public Tensor erfinv() => ErfinvOp.Call(this);
        public Tensor erfinv_() { ErfinvInPlaceOp.Run(this); return this; }
        public Tensor lgamma() => LgammaOp.Call(this);
        public Tensor digamma() => DigammaOp.Call(this);
        public Tensor floor() => FloorOp.Call(this);
        public Tensor floor_() { FloorInPlaceOp.Run(this); return this; }
        public Tensor ceil() => CeilOp.Call(this);
        public Tensor ceil_() { CeilInPlaceOp.Run(this); return this; }
        public Tensor round(long decimals = 0) => RoundDecimalsOp.Call(this, decimals);
        public Tensor round_(long decimals = 0) { RoundDecimalsInPlaceOp.Run(this, decimals); return this; }
        public Tensor trunc() => TruncOp.Call(this);
        public Tensor trunc_() { TruncInPlaceOp.Run(this); return this; }
        public Tensor sign() => SignOp.Call(this);
        public Tensor sign_() { SignInPlaceOp.Run(this); return this; }
        public Tensor reciprocal() => ReciprocalOp.Call(this);
        public Tensor reciprocal_() { ReciprocalInPlaceOp.Run(this); return this; }
        public Tensor atan2(Tensor other) => Atan2Op.Call(this, other);
        public Tensor nan_to_num(double nan = 0, double? posinf = null, double? neginf = null) => NanToNumOp.Call(this, nan, posinf, neginf);
        public Tensor nan_to_num_(double nan = 0, double? posinf = null, double? neginf = null) { NanToNumInPlaceOp.Run(this, nan, posinf, neginf); return this; }
        public Tensor clamp(Scalar? min = null, Scalar? max = null) => ClampOp.Call(this, min, max);
        public Tensor clamp(Tensor? min = null, Tensor? max = null) => ClampTensorOp.Call(this, min, max);
        public Tensor clamp_(Scalar? min = null, Scalar? max = null) { ClampInPlaceOp.Run(this, min, max); return this; }
        public Tensor clamp_(Tensor? min = null, Tensor? max = null) { ClampTensorInPlaceOp.Run(this, min, max); return this; }
        public Tensor clip(Scalar? min = null, Scalar? max = null) => ClipOp.Call(this, min, max);
        public Tensor clamp_min(Scalar min) => ClampMinOp.Call(this, min);
        public Tensor clamp_min_(Scalar min) { ClampMinInPlaceOp.Run(this, min); return this; }
        public Tensor clamp_max(Scalar max) => ClampMaxOp.Call(this, max);
        public Tensor clamp_max_(Scalar max) { ClampMaxInPlaceOp.Run(this, max); return this; }
        public Tensor maximum(Tensor other) => MaximumOp.Call(this, other);
        public Tensor minimum(Tensor other) => MinimumOp.Call(this, other);
        public Tensor fmax(Tensor other) => FmaxOp.Call(this, other);
        public Tensor fmin(Tensor other) => FminOp.Call(this, other);
        public Tensor silu() => SiluOp.Call(this);
        public Tensor leaky_relu(Scalar negative_slope) => LeakyReluOp.Call(this, negative_slope);
        public Tensor logaddexp(Tensor other) => LogaddexpOp.Call(this, other);

        private static readonly Op AbsOp = new("abs");
        private static readonly Op AbsInPlaceOp = new("abs_");
        private static readonly Op SqrtOp = new("sqrt");
        private static readonly Op SqrtInPlaceOp = new("sqrt_");
        private static readonly Op RsqrtOp = new("rsqrt");
        private static readonly Op RsqrtInPlaceOp = new("rsqrt_");
        private static readonly Op SquareOp = new("square");
        private static readonly Op ExpOp = new("exp");
        private static readonly Op ExpInPlaceOp = new("exp_");
        private static readonly Op Exp2Op = new("exp2");
        private static readonly Op Expm1Op = new("expm1");
        private static readonly Op Expm1InPlaceOp = new("expm1_");
        private static readonly Op LogOp = new("log");
        private static readonly Op LogInPlaceOp = new("log_");
        private static readonly Op Log1pOp = new("log1p");
        private static readonly Op Log1pInPlaceOp = new("log1p_");
        private static readonly Op Log2Op = new("log2");
        private static readonly Op Log10Op = new("log10");
        private static readonly Op CosOp = new("cos");
        private static readonly Op CosInPlaceOp = new("cos_");
        private static readonly Op SinOp = new("sin");
        private static readonly Op SinInPlaceOp = new("sin_");
        private static readonly Op TanOp = new("tan");
        private static readonly Op TanInPlaceOp = new("tan_");
        private static readonly Op AcosOp = new("acos");
        private static readonly Op AsinOp = new("asin");
        private static readonly Op AtanOp = new("atan");
        private static readonly Op TanhOp = new("tanh");
        private static readonly Op TanhInPlaceOp = new("tanh_");
        private static readonly Op SigmoidOp = new("sigmoid");
        private static readonly Op SigmoidInPlaceOp = new("sigmoid_");
        private static readonly Op ReluOp = new("relu");
        private static readonly Op ReluInPlaceOp = new("relu_");
        private static readonly Op SoftplusOp = new("softplus");
        private static readonly Op ErfOp = new("erf");
        private static readonly Op ErfInPlaceOp = new("erf_");
        private static readonly Op ErfcOp = new("erfc");
        private static readonly Op ErfinvOp = new("erfinv");
        private static readonly Op ErfinvInPlaceOp = new("erfinv_");
        private static readonly Op LgammaOp = new("lgamma");
        private static readonly Op DigammaOp = new("digamma");
        private static readonly Op FloorOp = new("floor");
        private static readonly Op FloorInPlaceOp = new("floor_");
        private static readonly Op CeilOp = new("ceil");
        private static readonly Op CeilInPlaceOp = new("ceil_");
        private static readonly Op RoundDecimalsOp = new("round", "decimals");
        private static readonly Op RoundDecimalsInPlaceOp = new("round_", "decimals");
        private static readonly Op TruncOp = new("trunc");
        private static readonly Op TruncInPlaceOp = new("trunc_");
        private static readonly Op SignOp = new("sign");
        private static readonly Op SignInPlaceOp = new("sign_");
        private static readonly Op ReciprocalOp = new("reciprocal");
        private static readonly Op ReciprocalInPlaceOp = new("reciprocal_");
        private static readonly Op Atan2Op = new("atan2");
        private static readonly Op NanToNumOp = new("nan_to_num");
        private static readonly Op NanToNumInPlaceOp = new("nan_to_num_");
        private static readonly Op ClampOp = new("clamp");
        private static readonly Op ClampTensorOp = new("clamp", "Tensor");
        private static readonly Op ClampInPlaceOp = new("clamp_");
        private static readonly Op ClampTensorInPlaceOp = new("clamp_", "Tensor");
        private static readonly Op ClipOp = new("clip");
        private static readonly Op ClampMinOp = new("clamp_min");
        private static readonly Op ClampMinInPlaceOp = new("clamp_min_");
        private static readonly Op ClampMaxOp = new("clamp_max");
        private static readonly Op ClampMaxInPlaceOp = new("clamp_max_");
        private static readonly Op MaximumOp = new("maximum");
        private static readonly Op MinimumOp = new("minimum");
        private static readonly Op FmaxOp = new("fmax");
        private static readonly Op FminOp = new("fmin");
        private static readonly Op SiluOp = new("silu");
        private static readonly Op LeakyReluOp = new("leaky_relu");
        private static readonly Op LogaddexpOp = new("logaddexp");
    }
}
