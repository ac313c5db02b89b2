using System;
using System.Collections.Generic;
using System.Numerics;

namespace Microsoft.ML.Transforms;

/// <summary>What to put for a missing value: a statistic of the values that are there.</summary>
internal sealed class ReplacementStatistic<T> where T : struct, IBinaryFloatingPointIeee754<T>
{
    private readonly MissingValueReplacingEstimator.ReplacementMode _mode;
    private readonly Dictionary<T, int> _counts = new();
    private long _seen, _notFinite, _nonZero;
    private double _mean;
    private T _best;

    public ReplacementStatistic(MissingValueReplacingEstimator.ReplacementMode mode)
    {
        _mode = mode;
        _best = mode switch
        {
            MissingValueReplacingEstimator.ReplacementMode.Minimum => T.PositiveInfinity,
            MissingValueReplacingEstimator.ReplacementMode.Maximum => T.NegativeInfinity,
            _ => T.Zero,
        };
    }

    public void Add(T value)
    {
        _seen++;
        switch (_mode)
        {
            case MissingValueReplacingEstimator.ReplacementMode.Minimum:
                if (value < _best) _best = value;
                break;
            case MissingValueReplacingEstimator.ReplacementMode.Maximum:
                if (value > _best) _best = value;
                break;
            case MissingValueReplacingEstimator.ReplacementMode.Mode:
                Count(value);
                break;
            default:
                Average(double.CreateChecked(value));
                break;
        }
    }

    /// <param name="count">The number of values, with the zeros that sparse rows left out.</param>
    /// <param name="warn">Told when there was no value to learn from.</param>
    public T Finish(long count, Action warn)
    {
        if (_mode == MissingValueReplacingEstimator.ReplacementMode.Mean)
        {
            if (count != _notFinite)
                return T.CreateChecked(_mean * ((double)_nonZero / (count - _notFinite)));
            warn();
            return T.Zero;
        }
        if (_mode != MissingValueReplacingEstimator.ReplacementMode.Mode && _seen < count)
            Add(T.Zero);
        return _best;
    }

    private void Count(T value)
    {
        if (!T.IsFinite(value))
            return;
        int count = _counts[value] = _counts.GetValueOrDefault(value) + 1;
        if (count > _counts.GetValueOrDefault(_best))
            _best = value;
    }

    private void Average(double value)
    {
        if (value == 0)
            return;
        if (!double.IsFinite(value))
        {
            _notFinite++;
            return;
        }
        _nonZero++;
        // Values of opposite signs could overflow in their difference.
        if ((_mean > 0) ^ (value > 0))
            _mean = _mean - _mean / _nonZero + value / _nonZero;
        else
            _mean += (value - _mean) / _nonZero;
    }
}
