using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        public long Dimensions => Native.sngp_tensor_dim(Handle);
        public long dim() => Dimensions;
        public long ndim => Dimensions;

        public long NumberOfElements => Native.sngp_tensor_numel(Handle);
        public long numel() => NumberOfElements;

        public long ElementSize => Native.sngp_tensor_element_size(Handle);
        public long element_size() => ElementSize;

        public ScalarType dtype => (ScalarType)Native.sngp_tensor_dtype(Handle);
        public DeviceType device_type => (DeviceType)Native.sngp_tensor_device_type(Handle);
        public int device_index => Native.sngp_tensor_device_index(Handle);
        public Device device => new(device_type, device_index);

        public bool is_cuda => device_type == DeviceType.CUDA;
        public bool is_meta => device_type == DeviceType.META;
        public bool is_cpu() => device_type == DeviceType.CPU;
        public bool is_leaf => Native.sngp_tensor_is_leaf(Handle) != 0;
        public bool is_sparse => Native.sngp_tensor_is_sparse(Handle) != 0;
        public bool is_contiguous() => Native.sngp_tensor_is_contiguous(Handle) != 0;
        public bool is_integral() => torch.is_integral(dtype);
        public bool is_floating_point() => torch.is_floating_point(dtype);
        public bool is_nonzero() => IsNonZeroOp.CallScalar(this).Integer != 0;
        private static readonly Op IsNonZeroOp = new("is_nonzero");

        /// <summary>Whether shape and all elements are the same.</summary>
        public bool Equals(Tensor target) => target is not null && EqualOp.CallScalar(this, target).Integer != 0;
        private static readonly Op EqualOp = new("equal");

        public long storage_offset() => Native.sngp_tensor_storage_offset(Handle);

        public long[] shape => size();

        public unsafe long[] size()
        {
            var sizes = new long[Dimensions];
            fixed (long* p = sizes) Native.sngp_tensor_sizes(Handle, p);
            return sizes;
        }

        public long size(int dim) => Along(size(), dim);

        public unsafe long[] stride()
        {
            var strides = new long[Dimensions];
            fixed (long* p = strides) Native.sngp_tensor_strides(Handle, p);
            return strides;
        }

        public long stride(int dim) => Along(stride(), dim);

        public bool requires_grad
        {
            get => Native.sngp_tensor_requires_grad(Handle) != 0;
            set => Native.Check(Native.sngp_tensor_set_requires_grad(Handle, value ? 1 : 0));
        }

        public Tensor requires_grad_(bool requires_grad = true)
        {
            this.requires_grad = requires_grad;
            return this;
        }

        public Tensor with_requires_grad(bool requires_grad = true) => requires_grad_(requires_grad);

        public void retain_grad() => Native.Check(Native.sngp_tensor_retain_grad(Handle));

        /// <summary>The gradient gathered so far (a new object at each call), or null before the first backward pass.</summary>
        public Tensor? grad
        {
            get
            {
                Native.Check(Native.sngp_tensor_grad(Handle, out var gradient));
                return gradient == 0 ? null : new Tensor(gradient);
            }
            set => Native.Check(Native.sngp_tensor_set_grad(Handle, value is null ? 0 : value.Handle));
        }

        public void backward() => autograd.backward(this);

        public void backward(IList<Tensor>? grad_tensors = null, bool retain_graph = false, bool create_graph = false, IList<Tensor>? inputs = null) =>
            autograd.backward(this, grad_tensors, retain_graph, create_graph, inputs);

        private static long Along(long[] values, int dim)
        {
            var index = dim < 0 ? dim + values.Length : dim;
            if (index < 0 || index >= values.Length)
                throw new System.Runtime.InteropServices.ExternalException($"Dimension out of range (expected to be in range of [{-values.Length}, {values.Length - 1}], but got {dim})");
            return values[index];
        }
    }

    public static bool is_integral(ScalarType type) =>
        type is ScalarType.Byte or ScalarType.Int8 or ScalarType.Int16 or ScalarType.Int32 or ScalarType.Int64;

    public static bool is_integral(Tensor t) => is_integral(t.dtype);

    public static bool is_floating_point(ScalarType type) =>
        type is ScalarType.Float16 or ScalarType.Float32 or ScalarType.Float64 or ScalarType.BFloat16;

    public static bool is_floating_point(Tensor input) => is_floating_point(input.dtype);
    public static bool is_nonzero(Tensor input) => input.is_nonzero();
    public static long numel(Tensor input) => input.numel();
    public static bool is_tensor(object obj) => obj is Tensor;
    public static ScalarType get_default_dtype() => ScalarType.Float32;
}
