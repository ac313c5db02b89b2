using System.Numerics;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Data;

/// <summary>Copies a row's features out of ML.NET's buffer and finds values that are not finite.</summary>
internal static class FeatureValues
{
    private const int Magnitude = 0x7FFFFFFF;
    private const int Infinity = 0x7F800000;

    /// <summary>Writes a row of features, zeros where a sparse one has no value.</summary>
    /// <param name="features">As many features as <paramref name="destination"/> has room for.</param>
    /// <param name="destination">Where to write.</param>
    public static void Copy(in VBuffer<float> features, Span<float> destination)
    {
        var values = features.GetValues();
        if (features.IsDense)
        {
            values.CopyTo(destination);
            return;
        }
        destination.Clear();
        var slots = features.GetIndices();
        for (var i = 0; i < values.Length; i++)
            destination[slots[i]] = values[i];
    }

    /// <summary>Whether there is no NaN and no infinity.</summary>
    /// <remarks>The bits of a finite number but for its sign, taken as an integer, are below those of infinity.</remarks>
    public static bool AreFinite(ReadOnlySpan<float> values)
    {
        var magnitude = new Vector<int>(Magnitude);
        var largest = Vector<int>.Zero;
        var i = 0;
        for (; i <= values.Length - Vector<float>.Count; i += Vector<float>.Count)
            largest = Vector.Max(largest, Vector.AsVectorInt32(new Vector<float>(values[i..])) & magnitude);
        if (Vector.GreaterThanOrEqualAny(largest, new Vector<int>(Infinity)))
            return false;
        for (; i < values.Length; i++)
        {
            if (!float.IsFinite(values[i]))
                return false;
        }
        return true;
    }

    /// <summary>The first slot whose value is not finite.</summary>
    public static int FirstNotFinite(ReadOnlySpan<float> values)
    {
        var slot = 0;
        while (float.IsFinite(values[slot]))
            slot++;
        return slot;
    }
}
