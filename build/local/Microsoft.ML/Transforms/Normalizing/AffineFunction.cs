using System;
using System.Collections.Immutable;
using System.IO;
using System.Linq;
using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>(x − offset) · scale, slot by slot.</summary>
internal sealed class AffineFunction<T> : ColumnFunction where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly T[] _scale, _offset;
    private readonly bool _vector, _keepsZero;

    public AffineFunction(T[] scale, T[] offset, bool vector)
    {
        _scale = scale;
        _offset = offset;
        _vector = vector;
        _keepsZero = offset.All(T.IsZero);
    }

    public override NormalizingTransformer.NormalizerModelParametersBase Parameters => _vector
        ? new NormalizingTransformer.AffineNormalizerModelParameters<ImmutableArray<T>>(_scale.ToImmutableArray(),
            _keepsZero ? ImmutableArray<T>.Empty : _offset.ToImmutableArray())
        : new NormalizingTransformer.AffineNormalizerModelParameters<T>(_scale[0], _offset[0]);

    public override (float[] Scale, float[] Offset)? Affine
        => (Array.ConvertAll(_scale, float.CreateChecked), Array.ConvertAll(_offset, float.CreateChecked));

    public override void Save(BinaryWriter writer) => Save(writer, _vector, false, _scale, _offset);

    public override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column)
    {
        if (_vector)
            return MakeVectorGetter(row.GetGetter<VBuffer<T>>(column));
        var get = row.GetGetter<T>(column);
        return (ValueGetter<T>)((ref T value) =>
        {
            get(ref value);
            value = (value - _offset[0]) * _scale[0];
        });
    }

    private ValueGetter<VBuffer<T>> MakeVectorGetter(ValueGetter<VBuffer<T>> get)
    {
        var source = default(VBuffer<T>);
        return (ref VBuffer<T> result) =>
        {
            get(ref source);
            if (source.Length != _scale.Length)
                throw new InvalidOperationException($"The normalizer has {_scale.Length} slots, but the row has {source.Length}");
            if (source.IsDense || _keepsZero)
                Explicit(source, ref result);
            else
                Filled(source, ref result);
            VectorMap.Compact(ref result);
        };
    }

    // Zeros that the row leaves out stay out.
    private void Explicit(in VBuffer<T> source, ref VBuffer<T> result)
    {
        var values = source.GetValues();
        var indices = source.GetIndices();
        var editor = VBufferEditor.Create(ref result, source.Length, values.Length);
        if (!source.IsDense)
            indices.CopyTo(editor.Indices);
        for (int i = 0; i < values.Length; i++)
        {
            int slot = source.IsDense ? i : indices[i];
            editor.Values[i] = (values[i] - _offset[slot]) * _scale[slot];
        }
        result = editor.Commit();
    }

    private void Filled(in VBuffer<T> source, ref VBuffer<T> result)
    {
        var editor = VBufferEditor.Create(ref result, source.Length);
        source.CopyTo(editor.Values);
        for (int i = 0; i < editor.Values.Length; i++)
            editor.Values[i] = (editor.Values[i] - _offset[i]) * _scale[i];
        result = editor.Commit();
    }
}
