using System;
using System.Numerics;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>What a normaliser learns from each slot of a column. Slots that a sparse row leaves out count as zero.</summary>
internal abstract class NormalizerStatistics<T> where T : struct, IBinaryFloatingPointIeee754<T>
{
    protected readonly long[] Seen;
    protected long Rows;

    protected NormalizerStatistics(int slots) => Seen = new long[slots];

    public void Add(in VBuffer<T> row)
    {
        if (row.Length != Seen.Length)
            throw new InvalidOperationException($"Normalizer expected {Seen.Length} slots but got {row.Length}");
        Rows++;
        var values = row.GetValues();
        var indices = row.GetIndices();
        for (int i = 0; i < values.Length; i++)
            Update(row.IsDense ? i : indices[i], values[i]);
    }

    protected abstract void Update(int slot, T value);

    /// <summary>The learnt function: scale and offset, or mean and deviation of a distribution function.</summary>
    public abstract ColumnFunction Finish(bool vector);
}

/// <summary>The smallest and largest value of each slot; NaN is passed over.</summary>
internal sealed class RangeStatistics<T> : NormalizerStatistics<T> where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _fixZero;
    private readonly T[] _min, _max;

    public RangeStatistics(int slots, bool fixZero) : base(slots)
    {
        _fixZero = fixZero;
        _min = new T[slots];
        _max = new T[slots];
        Array.Fill(_min, T.PositiveInfinity);
        Array.Fill(_max, T.NegativeInfinity);
    }

    protected override void Update(int slot, T value)
    {
        Seen[slot]++;
        Include(slot, value);
    }

    private void Include(int slot, T value)
    {
        if (_max[slot] < value) _max[slot] = value;
        if (_min[slot] > value) _min[slot] = value;
    }

    public override ColumnFunction Finish(bool vector)
    {
        var scale = new T[_min.Length];
        var offset = new T[_min.Length];
        for (int i = 0; i < scale.Length; i++)
        {
            if (Seen[i] < Rows)
                Include(i, T.Zero);
            // A constant slot, or one that held nothing but NaN, is useless: it becomes zero.
            if (!(_max[i] > _min[i]))
                continue;
            if (_fixZero)
                scale[i] = T.One / T.Max(T.Abs(_max[i]), T.Abs(_min[i]));
            else if ((scale[i] = T.One / (_max[i] - _min[i])) != T.Zero)
                offset[i] = _min[i];
        }
        return new AffineFunction<T>(scale, offset, vector);
    }
}

/// <summary>Mean and squared deviations of each slot, gathered over the nonzero values and corrected for the zeros at the end.</summary>
internal sealed class MomentStatistics<T> : NormalizerStatistics<T> where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly bool _fixZero, _useCdf;
    private readonly double[] _mean, _squares;
    private readonly long[] _nonFinite;

    public MomentStatistics(int slots, bool fixZero, bool useCdf) : base(slots)
    {
        _fixZero = fixZero;
        _useCdf = useCdf;
        _mean = new double[slots];
        _squares = new double[slots];
        _nonFinite = new long[slots];
    }

    protected override void Update(int slot, T value)
    {
        if (value == T.Zero)
            return;
        if (!T.IsFinite(value))
        {
            _nonFinite[slot]++;
            return;
        }
        double x = double.CreateChecked(value), delta = x - _mean[slot];
        Seen[slot]++;
        _mean[slot] += delta / Seen[slot];
        _squares[slot] += delta * (x - _mean[slot]);
    }

    public override ColumnFunction Finish(bool vector)
    {
        for (int i = 0; i < _mean.Length; i++)
            IncludeZeros(i, Rows - _nonFinite[i] - Seen[i]);
        return _useCdf ? Distribution(vector) : Affine(vector);
    }

    private void IncludeZeros(int slot, long zeros)
    {
        if (zeros == 0)
            return;
        Seen[slot] += zeros;
        double delta = 0 - _mean[slot];
        _mean[slot] += delta * zeros / Seen[slot];
        _squares[slot] += delta * (0 - _mean[slot]) * zeros;
    }

    private AffineFunction<T> Affine(bool vector)
    {
        var scale = new T[_mean.Length];
        var offset = new T[_mean.Length];
        for (int i = 0; i < scale.Length; i++)
        {
            if (_squares[i] == 0)
                continue;
            double variance = _squares[i] / Seen[i];
            if (_fixZero)
                scale[i] = T.One / T.CreateChecked(Math.Sqrt(variance + _mean[i] * _mean[i]));
            else if ((scale[i] = T.One / T.CreateChecked(Math.Sqrt(variance))) != T.Zero)
                offset[i] = T.CreateChecked(_mean[i]);
        }
        return new AffineFunction<T>(scale, offset, vector);
    }

    private DistributionFunction<T> Distribution(bool vector)
    {
        var mean = new T[_mean.Length];
        var deviation = new T[_mean.Length];
        for (int i = 0; i < mean.Length; i++)
        {
            if (_squares[i] == 0)
                continue;
            mean[i] = T.CreateChecked(_mean[i]);
            deviation[i] = T.CreateChecked(Math.Sqrt(_squares[i] / Seen[i]));
        }
        return new DistributionFunction<T>(mean, deviation, vector);
    }
}
