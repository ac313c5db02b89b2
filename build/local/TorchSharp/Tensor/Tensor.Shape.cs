using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    // Shapes, views, parts and joins.
    public partial class Tensor
    {
        public Tensor view(params long[] shape) => ViewOp.Call(this, shape);
        public Tensor view_as(Tensor other) => ViewAsOp.Call(this, other);
        public Tensor reshape(params long[] shape) => ReshapeOp.Call(this, shape);
        public Tensor flatten(long start_dim = 0, long end_dim = -1) => FlattenUsingIntsOp.Call(this, start_dim, end_dim);
        public Tensor t() => TOp.Call(this);
        public Tensor transpose(long dim0, long dim1) => TransposeIntOp.Call(this, dim0, dim1);
        public Tensor transpose_(long dim0, long dim1) { TransposeInPlaceOp.Run(this, dim0, dim1); return this; }
        public Tensor swapaxes(long dim0, long dim1) => SwapaxesOp.Call(this, dim0, dim1);
        public Tensor swapdims(long dim0, long dim1) => SwapdimsOp.Call(this, dim0, dim1);
        public Tensor permute(params long[] permutation) => PermuteOp.Call(this, permutation);
        public Tensor permute(IEnumerable<long> permutation) => permute(permutation.ToArray());
        public Tensor unsqueeze(long dim) => UnsqueezeOp.Call(this, dim);
        public Tensor unsqueeze_(long dim) { UnsqueezeInPlaceOp.Run(this, dim); return this; }
        public Tensor squeeze(long? dim = null) => dim is { } d ? SqueezeDimOp.Call(this, d) : SqueezeOp.Call(this);
        public Tensor squeeze_(long? dim = null) { if (dim is { } d) SqueezeDimInPlaceOp.Run(this, d); else SqueezeInPlaceOp.Run(this); return this; }
        public Tensor expand(ReadOnlySpan<long> sizes, bool isImplicit = false) => ExpandOp.Call(this, sizes, isImplicit);
        public Tensor expand(long[] sizes, bool isImplicit = false) => ExpandOp.Call(this, sizes, isImplicit);
        public Tensor expand(params long[] sizes) => ExpandOp.Call(this, sizes);
        public Tensor expand_as(Tensor other) => expand(other.shape);
        public Tensor repeat(params long[] sizes) => RepeatOp.Call(this, sizes);
        public Tensor repeat_interleave(Tensor repeats, long? dim = null, long? output_size = null) => RepeatInterleaveSelfTensorOp.Call(this, repeats, dim, output_size);
        public Tensor repeat_interleave(long repeats, long? dim = null, long? output_size = null) => RepeatInterleaveSelfIntOp.Call(this, repeats, dim, output_size);
        public Tensor tile(long[] reps) => TileOp.Call(this, reps);
        public Tensor broadcast_to(params long[] shape) => BroadcastToOp.Call(this, shape);
        public Tensor narrow(long dim, long start, long length) => NarrowOp.Call(this, dim, start, length);
        public Tensor slice(long dim, long start, long finish, long step) => SliceTensorOp.Call(this, dim, start, finish, step);
        public Tensor select(long dim, long index) => SelectIntOp.Call(this, dim, index);
        public Tensor index_select(long dim, Tensor index) => IndexSelectOp.Call(this, dim, index);
        public Tensor gather(long dim, Tensor index) => GatherOp.Call(this, dim, index);
        public Tensor take(Tensor index) => TakeOp.Call(this, index);
        public Tensor index_add(long dim, Tensor index, Tensor source, Scalar alpha) => IndexAddOp.Call(this, dim, index, source, alpha);
        public Tensor index_add_(long dim, Tensor index, Tensor source, Scalar alpha) { IndexAddInPlaceOp.Run(this, dim, index, source, alpha); return this; }
        public Tensor index_copy(long dim, Tensor index, Tensor source) => IndexCopyOp.Call(this, dim, index, source);
        public Tensor index_copy_(long dim, Tensor index, Tensor source) { IndexCopyInPlaceOp.Run(this, dim, index, source); return this; }
        public Tensor index_fill(long dim, Tensor index, Scalar value) => IndexFillIntScalarOp.Call(this, dim, index, value);
        public Tensor index_fill_(long dim, Tensor index, Scalar value) { IndexFillIntScalarInPlaceOp.Run(this, dim, index, value); return this; }
        public Tensor scatter(long dim, Tensor index, Tensor src) => ScatterSrcOp.Call(this, dim, index, src);
        public Tensor scatter_(long dim, Tensor index, Tensor src) { ScatterSrcInPlaceOp.Run(this, dim, index, src); return this; }
        public Tensor scatter_add(long dim, Tensor index, Tensor src) => ScatterAddOp.Call(this, dim, index, src);
        public Tensor scatter_add_(long dim, Tensor index, Tensor src) { ScatterAddInPlaceOp.Run(this, dim, index, src); return this; }
        public Tensor flip(params long[] dims) => FlipOp.Call(this, dims);
        public Tensor roll(long shifts, long? dims = null) => dims is { } dim ? RollOp.Call(this, shifts, dim) : RollOp.Call(this, shifts);
        public Tensor roll(long[] shifts, long[] dims) => RollOp.Call(this, shifts, dims);
        public Tensor roll(long[] shifts) => RollOp.Call(this, shifts);
        public Tensor roll(ReadOnlySpan<long> shifts, ReadOnlySpan<long> dims = default) => RollOp.Call(this, shifts, dims);
        public Tensor[] chunk(long chunks, long dim = 0) => ChunkOp.CallList(this, chunks, dim);
        public Tensor[] split(long size, int dim = 0) => SplitTensorOp.CallList(this, size, dim);
        public Tensor[] split(ReadOnlySpan<long> sizes, long dim = 0) => SplitSizesOp.CallList(this, sizes, dim);
        public Tensor[] split(long[] sizes, long dim = 0) => SplitSizesOp.CallList(this, sizes, dim);
        public Tensor[] split(params long[] sizes) => SplitSizesOp.CallList(this, sizes);
        public Tensor[] unbind(long dimension = 0) => UnbindIntOp.CallList(this, dimension);
        public Tensor[] tensor_split(long size, long dim = 0) => TensorSplitSectionsOp.CallList(this, size, dim);
        public Tensor[] tensor_split(long[] sizes, long dim = 0) => TensorSplitIndicesOp.CallList(this, sizes, dim);
        public Tensor[] tensor_split(Tensor indices, long dim = 0) => TensorSplitTensorIndicesOrSectionsOp.CallList(this, indices, dim);
        public Tensor movedim(long[] source, long[] destination) => MovedimIntlistOp.Call(this, source, destination);
        public Tensor moveaxis(long[] source, long[] destination) => MoveaxisIntlistOp.Call(this, source, destination);
        public Tensor contiguous() => ContiguousOp.Call(this);
        public Tensor alias() { Native.Check(Native.sngp_tensor_alias(Handle, out var same)); return new Tensor(same); }
        public Tensor ravel() => RavelOp.Call(this);
        public Tensor atleast_1d() => Atleast1dOp.Call(this);
        public Tensor atleast_2d() => Atleast2dOp.Call(this);
        public Tensor clone() => CloneOp.Call(this);
        public Tensor copy_(Tensor source, bool nonBlocking = false) { CopyInPlaceOp.Run(this, source, nonBlocking); return this; }
        public Tensor detach() => DetachOp.Call(this);
        public Tensor detach_() { DetachInPlaceOp.Run(this); return this; }
        public Tensor fill_(Scalar value) { FillScalarInPlaceOp.Run(this, value); return this; }
        public Tensor zero_() => zeros(shape);
        public Tensor diff(long n = 1, long dim = -1, Tensor? prepend = null, Tensor? append = null) => DiffOp.Call(this, n, dim, prepend, append);
        public Tensor unfold(long dimension, long size, long step) => UnfoldOp.Call(this, dimension, size, step);
        public Tensor as_strided(long[] size, long[] strides, long storageOffset = 0) => AsStridedOp.Call(this, size, strides, storageOffset);

        private static readonly Op ViewOp = new("view");
        private static readonly Op ViewAsOp = new("view_as");
        private static readonly Op ReshapeOp = new("reshape");
        private static readonly Op FlattenUsingIntsOp = new("flatten", "using_ints");
        private static readonly Op TOp = new("t");
        private static readonly Op TransposeIntOp = new("transpose", "int");
        private static readonly Op TransposeInPlaceOp = new("transpose_");
        private static readonly Op SwapaxesOp = new("swapaxes");
        private static readonly Op SwapdimsOp = new("swapdims");
        private static readonly Op PermuteOp = new("permute");
        private static readonly Op UnsqueezeOp = new("unsqueeze");
        private static readonly Op UnsqueezeInPlaceOp = new("unsqueeze_");
        private static readonly Op SqueezeDimOp = new("squeeze", "dim");
        private static readonly Op SqueezeOp = new("squeeze");
        private static readonly Op SqueezeDimInPlaceOp = new("squeeze_", "dim");
        private static readonly Op SqueezeInPlaceOp = new("squeeze_");
        private static readonly Op ExpandOp = new("expand");
        private static readonly Op RepeatOp = new("repeat");
        private static readonly Op RepeatInterleaveSelfTensorOp = new("repeat_interleave", "self_Tensor");
        private static readonly Op RepeatInterleaveSelfIntOp = new("repeat_interleave", "self_int");
        private static readonly Op TileOp = new("tile");
        private static readonly Op BroadcastToOp = new("broadcast_to");
        private static readonly Op NarrowOp = new("narrow");
        private static readonly Op SliceTensorOp = new("slice", "Tensor");
        private static readonly Op SelectIntOp = new("select", "int");
        private static readonly Op IndexSelectOp = new("index_select");
        private static readonly Op GatherOp = new("gather");
        private static readonly Op TakeOp = new("take");
        private static readonly Op IndexAddOp = new("index_add");
        private static readonly Op IndexAddInPlaceOp = new("index_add_");
        private static readonly Op IndexCopyOp = new("index_copy");
        private static readonly Op IndexCopyInPlaceOp = new("index_copy_");
        private static readonly Op IndexFillIntScalarOp = new("index_fill", "int_Scalar");
        private static readonly Op IndexFillIntScalarInPlaceOp = new("index_fill_", "int_Scalar");
        private static readonly Op ScatterSrcOp = new("scatter", "src");
        private static readonly Op ScatterSrcInPlaceOp = new("scatter_", "src");
        private static readonly Op ScatterAddOp = new("scatter_add");
        private static readonly Op ScatterAddInPlaceOp = new("scatter_add_");
        private static readonly Op FlipOp = new("flip");
        private static readonly Op RollOp = new("roll");
        private static readonly Op ChunkOp = new("chunk");
        private static readonly Op SplitTensorOp = new("split", "Tensor");
        private static readonly Op SplitSizesOp = new("split_with_sizes");
        private static readonly Op UnbindIntOp = new("unbind", "int");
        private static readonly Op TensorSplitSectionsOp = new("tensor_split", "sections");
        private static readonly Op TensorSplitIndicesOp = new("tensor_split", "indices");
        private static readonly Op TensorSplitTensorIndicesOrSectionsOp = new("tensor_split", "tensor_indices_or_sections");
        private static readonly Op MovedimIntlistOp = new("movedim", "intlist");
        private static readonly Op MoveaxisIntlistOp = new("moveaxis", "intlist");
        private static readonly Op ContiguousOp = new("contiguous");
        private static readonly Op RavelOp = new("ravel");
        private static readonly Op Atleast1dOp = new("atleast_1d");
        private static readonly Op Atleast2dOp = new("atleast_2d");
        private static readonly Op CloneOp = new("clone");
        private static readonly Op CopyInPlaceOp = new("copy_");
        private static readonly Op DetachOp = new("detach");
        private static readonly Op DetachInPlaceOp = new("detach_");
        private static readonly Op FillScalarInPlaceOp = new("fill_", "Scalar");
        private static readonly Op DiffOp = new("diff");
        private static readonly Op UnfoldOp = new("unfold");
        private static readonly Op AsStridedOp = new("as_strided");
    }
}
