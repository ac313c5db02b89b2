using System.Collections;

namespace MLNet.Sngp.Benchmarks.Data;

/// <summary>Rows made while they are read, the same each time. One row object for all of them.</summary>
/// <remarks>A collection, because that is how ML.NET learns the number of rows.</remarks>
internal sealed class GeneratedRows(int rows, int features, int classes) : ICollection<FeatureRow>
{
    private static readonly float Half = MathF.Sqrt(3);

    public int Count => rows;

    public bool IsReadOnly => true;

    public IEnumerator<FeatureRow> GetEnumerator()
    {
        var row = new FeatureRow { Features = new float[features] };
        uint state = 1;
        for (var i = 0; i < rows; i++)
        {
            for (var j = 0; j < features; j++)
                row.Features[j] = Uniform(ref state);
            row.Label = (uint)Math.Clamp((int)((row.Features[0] + Half) / (2 * Half) * classes), 0, classes - 1);
            yield return row;
        }
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    public void CopyTo(FeatureRow[] array, int arrayIndex) => throw Made();

    public bool Contains(FeatureRow item) => throw Made();

    public void Add(FeatureRow item) => throw Made();

    public bool Remove(FeatureRow item) => throw Made();

    public void Clear() => throw Made();

    // Uniform in ±√3, from a generator of 32 bits: as good as it needs to be, and fast.
    private static float Uniform(ref uint state)
    {
        state = state * 1664525 + 1013904223;
        return Half * ((state >> 8) * (1f / (1 << 23)) - 1);
    }

    private static NotSupportedException Made() => new("These rows exist only while they are read.");
}
