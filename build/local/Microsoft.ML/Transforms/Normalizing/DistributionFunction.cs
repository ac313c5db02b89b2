using System;
using System.Collections.Immutable;
using System.IO;
using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>
/// The normal distribution function of each slot, by Winitzki's approximation of erf, which is the one that ML.NET uses.
/// A slot without deviation, or a value that is not finite, gives zero.
/// </summary>
internal sealed class DistributionFunction<T> : ColumnFunction where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _mean, _deviation;
    private readonly bool _vector;

    public DistributionFunction(T[] mean, T[] deviation, bool vector)
    {
        _mean = mean;
        _deviation = deviation;
        _vector = vector;
    }

    public override NormalizingTransformer.NormalizerModelParametersBase Parameters => _vector
        ? new NormalizingTransformer.CdfNormalizerModelParameters<ImmutableArray<T>>(_mean.ToImmutableArray(), _deviation.ToImmutableArray(), false)
        : new NormalizingTransformer.CdfNormalizerModelParameters<T>(_mean[0], _deviation[0], false);

    public override (float[] Scale, float[] Offset)? Affine => null;

    public override void Save(BinaryWriter writer) => Save(writer, _vector, true, _mean, _deviation);

    public override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column)
    {
        if (_vector)
            return MakeVectorGetter(row.GetGetter<VBuffer<T>>(column));
        var get = row.GetGetter<T>(column);
        return (ValueGetter<T>)((ref T value) =>
        {
            get(ref value);
            value = Value(0, value);
        });
    }

    // As in ML.NET, zeros that a sparse row leaves out stay zero, though a zero that it holds is mapped.
    private ValueGetter<VBuffer<T>> MakeVectorGetter(ValueGetter<VBuffer<T>> get)
    {
        var source = default(VBuffer<T>);
        return (ref VBuffer<T> result) =>
        {
            get(ref source);
            if (source.Length != _mean.Length)
                throw new InvalidOperationException($"The normalizer has {_mean.Length} slots, but the row has {source.Length}");
            var values = source.GetValues();
            var indices = source.GetIndices();
            var editor = VBufferEditor.Create(ref result, source.Length, values.Length);
            if (!source.IsDense)
                indices.CopyTo(editor.Indices);
            for (int i = 0; i < values.Length; i++)
                editor.Values[i] = Value(source.IsDense ? i : indices[i], values[i]);
            result = editor.Commit();
            VectorMap.Compact(ref result);
        };
    }

    private T Value(int slot, T value)
    {
        if (!(_deviation[slot] > T.Epsilon) || !T.IsFinite(value))
            return T.Zero;
        T x = (value - _mean[slot]) / _deviation[slot], square = x * x / T.CreateChecked(2), a = T.CreateChecked(0.147) * square;
        double half = double.CreateChecked(square), ax = double.CreateChecked(a), onePlus = double.CreateChecked(T.One + a);
        return T.CreateChecked(0.5 + 0.5 * T.Sign(x) * Math.Sqrt(1 - Math.Exp(-half * (4 / Math.PI + ax) / onePlus)));
    }
}
