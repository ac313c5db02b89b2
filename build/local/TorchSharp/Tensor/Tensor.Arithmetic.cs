using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Sums, products, powers and their fused forms.
    public partial class Tensor
    {
        public Tensor add(Tensor target) => AddTensorOp.Call(this, target);
        public Tensor add(Tensor target, Scalar alpha) => AddTensorOp.Call(this, target, alpha);
        public Tensor add(Scalar scalar) => AddScalarOp.Call(this, scalar);
        public Tensor add(Scalar scalar, Scalar alpha) => AddScalarOp.Call(this, scalar, alpha);
        public Tensor add_(Tensor target) { AddTensorInPlaceOp.Run(this, target); return this; }
        public Tensor add_(Tensor target, Scalar alpha) { AddTensorInPlaceOp.Run(this, target, alpha); return this; }
        public Tensor add_(Scalar scalar) { AddScalarInPlaceOp.Run(this, scalar); return this; }
        public Tensor add_(Scalar scalar, Scalar alpha) { AddScalarInPlaceOp.Run(this, scalar, alpha); return this; }
        public Tensor sub(Tensor target) => SubTensorOp.Call(this, target);
        public Tensor sub(Scalar target) => SubScalarOp.Call(this, target);
        public Tensor sub_(Tensor target) { SubTensorInPlaceOp.Run(this, target); return this; }
        public Tensor sub_(Scalar target) { SubScalarInPlaceOp.Run(this, target); return this; }
        public Tensor subtract(Scalar target) => SubtractScalarOp.Call(this, target);
        public Tensor subtract(Tensor target) => SubtractTensorOp.Call(this, target);
        public Tensor subtract_(Scalar target) { SubtractScalarInPlaceOp.Run(this, target); return this; }
        public Tensor subtract_(Tensor target) { SubtractTensorInPlaceOp.Run(this, target); return this; }
        public Tensor mul(Tensor target) => MulTensorOp.Call(this, target);
        public Tensor mul(Scalar target) => MulScalarOp.Call(this, target);
        public Tensor mul_(Tensor target) { MulTensorInPlaceOp.Run(this, target); return this; }
        public Tensor mul_(Scalar target) { MulScalarInPlaceOp.Run(this, target); return this; }
        public Tensor multiply(Tensor target) => MultiplyTensorOp.Call(this, target);
        public Tensor multiply(Scalar target) => MultiplyScalarOp.Call(this, target);
        public Tensor div(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => rounding_mode == RoundingMode.None ? DivTensorOp.Call(this, target) : DivTensorModeOp.Call(this, target, Arg.Text(rounding_mode.ToString()));
        public Tensor div(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => rounding_mode == RoundingMode.None ? DivScalarOp.Call(this, target) : DivScalarModeOp.Call(this, target, Arg.Text(rounding_mode.ToString()));
        public Tensor div_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) { if (rounding_mode == RoundingMode.None) DivInPlaceTensorOp.Run(this, target); else DivInPlaceTensorModeOp.Run(this, target, Arg.Text(rounding_mode.ToString())); return this; }
        public Tensor div_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) { if (rounding_mode == RoundingMode.None) DivInPlaceScalarOp.Run(this, target); else DivInPlaceScalarModeOp.Run(this, target, Arg.Text(rounding_mode.ToString())); return this; }
        public Tensor divide(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor divide(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div(target, rounding_mode);
        public Tensor divide_(Tensor target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);
        public Tensor divide_(Scalar target, RoundingMode rounding_mode = RoundingMode.None) => div_(target, rounding_mode);
        public Tensor true_divide(Tensor other) => TrueDivideTensorOp.Call(this, other);
        public Tensor true_divide(Scalar other) => TrueDivideScalarOp.Call(this, other);
        public Tensor pow(Tensor exponent) => PowTensorTensorOp.Call(this, exponent);
        public Tensor pow(Scalar exponent) => PowTensorScalarOp.Call(this, exponent);
        public Tensor pow_(Tensor exponent) { PowTensorInPlaceOp.Run(this, exponent); return this; }
        public Tensor pow_(Scalar exponent) { PowScalarInPlaceOp.Run(this, exponent); return this; }
        public Tensor neg() => NegOp.Call(this);
        public Tensor neg_() { NegInPlaceOp.Run(this); return this; }
        public Tensor negative() => NegativeOp.Call(this);
        public Tensor addcmul(Tensor tensor1, Tensor tensor2, Scalar value) => AddcmulOp.Call(this, tensor1, tensor2, value);
        public Tensor addcmul_(Tensor tensor1, Tensor tensor2, Scalar value) { AddcmulInPlaceOp.Run(this, tensor1, tensor2, value); return this; }
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2, Scalar value) => AddcdivOp.Call(this, tensor1, tensor2, value);
        public Tensor addcdiv(Tensor tensor1, Tensor tensor2) => AddcdivOp.Call(this, tensor1, tensor2);
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2, Scalar value) { AddcdivInPlaceOp.Run(this, tensor1, tensor2, value); return this; }
        public Tensor addcdiv_(Tensor tensor1, Tensor tensor2) { AddcdivInPlaceOp.Run(this, tensor1, tensor2); return this; }
        public Tensor remainder(Tensor target) => RemainderTensorOp.Call(this, target);
        public Tensor remainder(Scalar scalar) => RemainderScalarOp.Call(this, scalar);
        public Tensor remainder_(Tensor target) { RemainderTensorInPlaceOp.Run(this, target); return this; }
        public Tensor remainder_(Scalar scalar) { RemainderScalarInPlaceOp.Run(this, scalar); return this; }
        public Tensor fmod(Tensor target) => FmodTensorOp.Call(this, target);
        public Tensor fmod(Scalar scalar) => FmodScalarOp.Call(this, scalar);
        public Tensor fmod_(Tensor target) { FmodTensorInPlaceOp.Run(this, target); return this; }
        public Tensor fmod_(Scalar scalar) { FmodScalarInPlaceOp.Run(this, scalar); return this; }
        public Tensor floor_divide(Tensor other) => FloorDivideOp.Call(this, other);
        public Tensor floor_divide(Scalar other) => FloorDivideScalarOp.Call(this, other);
        public Tensor floor_divide_(Tensor other) { FloorDivideTensorInPlaceOp.Run(this, other); return this; }
        public Tensor floor_divide_(Scalar other) { FloorDivideScalarInPlaceOp.Run(this, other); return this; }
        public Tensor lerp(Tensor end, Tensor weight) => LerpTensorOp.Call(this, end, weight);
        public Tensor lerp_(Tensor end, Tensor weight) { LerpTensorInPlaceOp.Run(this, end, weight); return this; }

        private static readonly Op AddTensorOp = new("add", "Tensor");
        private static readonly Op AddScalarOp = new("add", "Scalar");
        private static readonly Op AddTensorInPlaceOp = new("add_", "Tensor");
        private static readonly Op AddScalarInPlaceOp = new("add_", "Scalar");
        private static readonly Op SubTensorOp = new("sub", "Tensor");
        private static readonly Op SubScalarOp = new("sub", "Scalar");
        private static readonly Op SubTensorInPlaceOp = new("sub_", "Tensor");
        private static readonly Op SubScalarInPlaceOp = new("sub_", "Scalar");
        private static readonly Op SubtractScalarOp = new("subtract", "Scalar");
        private static readonly Op SubtractTensorOp = new("subtract", "Tensor");
        private static readonly Op SubtractScalarInPlaceOp = new("subtract_", "Scalar");
        private static readonly Op SubtractTensorInPlaceOp = new("subtract_", "Tensor");
        private static readonly Op MulTensorOp = new("mul", "Tensor");
        private static readonly Op MulScalarOp = new("mul", "Scalar");
        private static readonly Op MulTensorInPlaceOp = new("mul_", "Tensor");
        private static readonly Op MulScalarInPlaceOp = new("mul_", "Scalar");
        private static readonly Op MultiplyTensorOp = new("multiply", "Tensor");
        private static readonly Op MultiplyScalarOp = new("multiply", "Scalar");
        private static readonly Op DivTensorOp = new("div", "Tensor");
        private static readonly Op DivTensorModeOp = new("div", "Tensor_mode");
        private static readonly Op DivScalarOp = new("div", "Scalar");
        private static readonly Op DivScalarModeOp = new("div", "Scalar_mode");
        private static readonly Op DivInPlaceTensorOp = new("div_", "Tensor");
        private static readonly Op DivInPlaceTensorModeOp = new("div_", "Tensor_mode");
        private static readonly Op DivInPlaceScalarOp = new("div_", "Scalar");
        private static readonly Op DivInPlaceScalarModeOp = new("div_", "Scalar_mode");
        private static readonly Op TrueDivideTensorOp = new("true_divide", "Tensor");
        private static readonly Op TrueDivideScalarOp = new("true_divide", "Scalar");
        private static readonly Op PowTensorTensorOp = new("pow", "Tensor_Tensor");
        private static readonly Op PowTensorScalarOp = new("pow", "Tensor_Scalar");
        private static readonly Op PowTensorInPlaceOp = new("pow_", "Tensor");
        private static readonly Op PowScalarInPlaceOp = new("pow_", "Scalar");
        private static readonly Op NegOp = new("neg");
        private static readonly Op NegInPlaceOp = new("neg_");
        private static readonly Op NegativeOp = new("negative");
        private static readonly Op AddcmulOp = new("addcmul");
        private static readonly Op AddcmulInPlaceOp = new("addcmul_");
        private static readonly Op AddcdivOp = new("addcdiv");
        private static readonly Op AddcdivInPlaceOp = new("addcdiv_");
        private static readonly Op RemainderTensorOp = new("remainder", "Tensor");
        private static readonly Op RemainderScalarOp = new("remainder", "Scalar");
        private static readonly Op RemainderTensorInPlaceOp = new("remainder_", "Tensor");
        private static readonly Op RemainderScalarInPlaceOp = new("remainder_", "Scalar");
        private static readonly Op FmodTensorOp = new("fmod", "Tensor");
        private static readonly Op FmodScalarOp = new("fmod", "Scalar");
        private static readonly Op FmodTensorInPlaceOp = new("fmod_", "Tensor");
        private static readonly Op FmodScalarInPlaceOp = new("fmod_", "Scalar");
        private static readonly Op FloorDivideOp = new("floor_divide");
        private static readonly Op FloorDivideScalarOp = new("floor_divide", "Scalar");
        private static readonly Op FloorDivideTensorInPlaceOp = new("floor_divide_", "Tensor");
        private static readonly Op FloorDivideScalarInPlaceOp = new("floor_divide_", "Scalar");
        private static readonly Op LerpTensorOp = new("lerp", "Tensor");
        private static readonly Op LerpTensorInPlaceOp = new("lerp_", "Tensor");
    }
}
