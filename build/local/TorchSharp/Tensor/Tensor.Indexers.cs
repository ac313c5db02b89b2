using System.Runtime.CompilerServices;
using TorchSharp.Interop;

namespace TorchSharp;

public static partial class torch
{
    public partial class Tensor
    {
        private static readonly Op IndexPutOp = new("index_put_");

        [IndexerName("TensorItems")]
        public Tensor this[params TensorIndex[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params Tensor[] indices]
        {
            get => index(indices);
            set => index_put_(value, indices);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1]
        {
            get => At(i1);
            set => Put(value, i1);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2]
        {
            get => At(i1, i2);
            set => Put(value, i1, i2);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3]
        {
            get => At(i1, i2, i3);
            set => Put(value, i1, i2, i3);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4]
        {
            get => At(i1, i2, i3, i4);
            set => Put(value, i1, i2, i3, i4);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5]
        {
            get => At(i1, i2, i3, i4, i5);
            set => Put(value, i1, i2, i3, i4, i5);
        }

        [IndexerName("TensorItems")]
        public Tensor this[long i1, long i2, long i3, long i4, long i5, long i6]
        {
            get => At(i1, i2, i3, i4, i5, i6);
            set => Put(value, i1, i2, i3, i4, i5, i6);
        }

        [IndexerName("TensorItems")]
        public Tensor this[params long[] indices]
        {
            get => At(indices);
            set => Put(value, indices);
        }

        public Tensor index(params TensorIndex[] indices) => Index(indices);
        public Tensor index(params Tensor[] indices) => Index(Array.ConvertAll(indices, TensorIndex.Tensor));

        public Tensor index_put_(Tensor value, params TensorIndex[] indices) => IndexPut(value, indices);

        public Tensor index_put_(Tensor value, TensorIndex[] indices, bool accumulate = false)
        {
            if (!accumulate) return IndexPut(value, indices);
            throw new NotSupportedException("index_put_ with accumulate takes tensors as indices in this build");
        }

        public Tensor index_put_(Tensor value, params Tensor[] indices) => index_put_(value, indices, false);

        public Tensor index_put_(Tensor value, Tensor[] indices, bool accumulate = false)
        {
            IndexPutOp.Run(this, indices, value, accumulate);
            return this;
        }

        public Tensor index_put_(Scalar value, params TensorIndex[] indices) => IndexPut(ScalarLike(value), indices);
        public Tensor index_put_(Scalar value, params Tensor[] indices) => IndexPut(ScalarLike(value), Array.ConvertAll(indices, TensorIndex.Tensor));

        private Tensor ScalarLike(Scalar value) => torch.full([], value, dtype, device);

        private Tensor At(params long[] indices) => Index(Array.ConvertAll(indices, i => TensorIndex.Single(i)));
        private void Put(Tensor value, params long[] indices) => IndexPut(value, Array.ConvertAll(indices, i => TensorIndex.Single(i)));

        private unsafe Tensor Index(TensorIndex[] indices)
        {
            var parts = Array.ConvertAll(indices, i => i.ToNative());
            fixed (NativeIndex* p = parts)
            {
                Native.Check(Native.sngp_index(Handle, p, parts.Length, out var result));
                GC.KeepAlive(indices);
                return new Tensor(result);
            }
        }

        private unsafe Tensor IndexPut(Tensor value, TensorIndex[] indices)
        {
            var parts = Array.ConvertAll(indices, i => i.ToNative());
            fixed (NativeIndex* p = parts) Native.Check(Native.sngp_index_put(Handle, p, parts.Length, value.Handle));
            GC.KeepAlive(indices);
            return this;
        }
    }
}
