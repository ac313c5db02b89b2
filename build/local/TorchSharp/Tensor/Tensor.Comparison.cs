using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Comparisons and truth values.
    public partial class Tensor
    {
        public Tensor eq(Tensor target) => EqTensorOp.Call(this, target);
        public Tensor eq(Scalar target) => EqScalarOp.Call(this, target);
        public Tensor eq_(Tensor target) { EqTensorInPlaceOp.Run(this, target); return this; }
        public Tensor eq_(Scalar target) { EqScalarInPlaceOp.Run(this, target); return this; }
        public Tensor ne(Tensor target) => NeTensorOp.Call(this, target);
        public Tensor ne(Scalar target) => NeScalarOp.Call(this, target);
        public Tensor ne_(Tensor target) { NeTensorInPlaceOp.Run(this, target); return this; }
        public Tensor ne_(Scalar target) { NeScalarInPlaceOp.Run(this, target); return this; }
        public Tensor lt(Tensor target) => LtTensorOp.Call(this, target);
        public Tensor lt(Scalar target) => LtScalarOp.Call(this, target);
        public Tensor lt_(Tensor target) { LtTensorInPlaceOp.Run(this, target); return this; }
        public Tensor lt_(Scalar target) { LtScalarInPlaceOp.Run(this, target); return this; }
        public Tensor le(Tensor target) => LeTensorOp.Call(this, target);
        public Tensor le(Scalar target) => LeScalarOp.Call(this, target);
        public Tensor le_(Tensor target) { LeTensorInPlaceOp.Run(this, target); return this; }
        public Tensor le_(Scalar target) { LeScalarInPlaceOp.Run(this, target); return this; }
        public Tensor gt(Tensor target) => GtTensorOp.Call(this, target);
        public Tensor gt(Scalar target) => GtScalarOp.Call(this, target);
        public Tensor gt_(Tensor target) { GtTensorInPlaceOp.Run(this, target); return this; }
        public Tensor gt_(Scalar target) { GtScalarInPlaceOp.Run(this, target); return this; }
        public Tensor ge(Tensor target) => GeTensorOp.Call(this, target);
        public Tensor ge(Scalar target) => GeScalarOp.Call(this, target);
        public Tensor ge_(Tensor target) { GeTensorInPlaceOp.Run(this, target); return this; }
        public Tensor ge_(Scalar target) { GeScalarInPlaceOp.Run(this, target); return this; }
        public Tensor equal(Tensor target) => eq(target);
        public Tensor not_equal(Tensor target) => NotEqualTensorOp.Call(this, target);
        public Tensor greater(Tensor target) => GreaterTensorOp.Call(this, target);
        public Tensor greater_equal(Tensor target) => GreaterEqualTensorOp.Call(this, target);
        public Tensor less(Tensor target) => LessTensorOp.Call(this, target);
        public Tensor less_equal(Tensor target) => LessEqualTensorOp.Call(this, target);
        public Tensor logical_and(Tensor other) => LogicalAndOp.Call(this, other);
        public Tensor logical_and_(Tensor other) { LogicalAndInPlaceOp.Run(this, other); return this; }
        public Tensor logical_or(Tensor other) => LogicalOrOp.Call(this, other);
        public Tensor logical_or_(Tensor other) { LogicalOrInPlaceOp.Run(this, other); return this; }
        public Tensor logical_not() => LogicalNotOp.Call(this);
        public Tensor logical_not_() { LogicalNotInPlaceOp.Run(this); return this; }
        public Tensor logical_xor(Tensor other) => LogicalXorOp.Call(this, other);
        public Tensor isfinite() => IsfiniteOp.Call(this);
        public Tensor isnan() => IsnanOp.Call(this);
        public Tensor isinf() => IsinfOp.Call(this);
        public Tensor isposinf() => IsposinfOp.Call(this);
        public Tensor isneginf() => IsneginfOp.Call(this);
        public Tensor isclose(Tensor other, double rtol = 1e-05, double atol = 1e-08, bool nanEqual = false) => IscloseOp.Call(this, other, rtol, atol, nanEqual);
        public bool allclose(Tensor target, double rtol = 1e-05, double atol = 1e-08, bool equal_nan = false) => AllcloseOp.CallScalar(this, target, rtol, atol, equal_nan).Integer != 0;
        public Tensor all() => AllOp.Call(this);
        public Tensor all(long dim, bool keepdim = false) => AllDimOp.Call(this, dim, keepdim);
        public Tensor any() => AnyOp.Call(this);
        public Tensor any(long dim, bool keepdim = false) => AnyDimOp.Call(this, dim, keepdim);
        public Tensor where(Tensor condition, Tensor y) => condition.dtype == ScalarType.Bool ? WhereSelfOp.Call(condition, this, y) : throw new ArgumentException("The condition to 'where' must be a boolean tensor.");
        public Tensor masked_fill(Tensor mask, Scalar value) => MaskedFillScalarOp.Call(this, mask, value);
        public Tensor masked_fill_(Tensor mask, Scalar value) { MaskedFillScalarInPlaceOp.Run(this, mask, value); return this; }
        public Tensor masked_select(Tensor mask) => MaskedSelectOp.Call(this, mask);
        public Tensor isin(Tensor test_elements, bool assumeUnique = false, bool invert = false) => IsinTensorTensorOp.Call(this, test_elements, assumeUnique, invert);

        private static readonly Op EqTensorOp = new("eq", "Tensor");
        private static readonly Op EqScalarOp = new("eq", "Scalar");
        private static readonly Op EqTensorInPlaceOp = new("eq_", "Tensor");
        private static readonly Op EqScalarInPlaceOp = new("eq_", "Scalar");
        private static readonly Op NeTensorOp = new("ne", "Tensor");
        private static readonly Op NeScalarOp = new("ne", "Scalar");
        private static readonly Op NeTensorInPlaceOp = new("ne_", "Tensor");
        private static readonly Op NeScalarInPlaceOp = new("ne_", "Scalar");
        private static readonly Op LtTensorOp = new("lt", "Tensor");
        private static readonly Op LtScalarOp = new("lt", "Scalar");
        private static readonly Op LtTensorInPlaceOp = new("lt_", "Tensor");
        private static readonly Op LtScalarInPlaceOp = new("lt_", "Scalar");
        private static readonly Op LeTensorOp = new("le", "Tensor");
        private static readonly Op LeScalarOp = new("le", "Scalar");
        private static readonly Op LeTensorInPlaceOp = new("le_", "Tensor");
        private static readonly Op LeScalarInPlaceOp = new("le_", "Scalar");
        private static readonly Op GtTensorOp = new("gt", "Tensor");
        private static readonly Op GtScalarOp = new("gt", "Scalar");
        private static readonly Op GtTensorInPlaceOp = new("gt_", "Tensor");
        private static readonly Op GtScalarInPlaceOp = new("gt_", "Scalar");
        private static readonly Op GeTensorOp = new("ge", "Tensor");
        private static readonly Op GeScalarOp = new("ge", "Scalar");
        private static readonly Op GeTensorInPlaceOp = new("ge_", "Tensor");
        private static readonly Op GeScalarInPlaceOp = new("ge_", "Scalar");
        private static readonly Op NotEqualTensorOp = new("not_equal", "Tensor");
        private static readonly Op GreaterTensorOp = new("greater", "Tensor");
        private static readonly Op GreaterEqualTensorOp = new("greater_equal", "Tensor");
        private static readonly Op LessTensorOp = new("less", "Tensor");
        private static readonly Op LessEqualTensorOp = new("less_equal", "Tensor");
        private static readonly Op LogicalAndOp = new("logical_and");
        private static readonly Op LogicalAndInPlaceOp = new("logical_and_");
        private static readonly Op LogicalOrOp = new("logical_or");
        private static readonly Op LogicalOrInPlaceOp = new("logical_or_");
        private static readonly Op LogicalNotOp = new("logical_not");
        private static readonly Op LogicalNotInPlaceOp = new("logical_not_");
        private static readonly Op LogicalXorOp = new("logical_xor");
        private static readonly Op IsfiniteOp = new("isfinite");
        private static readonly Op IsnanOp = new("isnan");
        private static readonly Op IsinfOp = new("isinf");
        private static readonly Op IsposinfOp = new("isposinf");
        private static readonly Op IsneginfOp = new("isneginf");
        private static readonly Op IscloseOp = new("isclose");
        private static readonly Op AllcloseOp = new("allclose");
        private static readonly Op AllOp = new("all");
        private static readonly Op AllDimOp = new("all", "dim");
        private static readonly Op AnyOp = new("any");
        private static readonly Op AnyDimOp = new("any", "dim");
        private static readonly Op WhereSelfOp = new("where", "self");
        private static readonly Op MaskedFillScalarOp = new("masked_fill", "Scalar");
        private static readonly Op MaskedFillScalarInPlaceOp = new("masked_fill_", "Scalar");
        private static readonly Op MaskedSelectOp = new("masked_select");
        private static readonly Op IsinTensorTensorOp = new("isin", "Tensor_Tensor");
    }
}
