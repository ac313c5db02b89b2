using Microsoft.ML.Data;

namespace MLNet.Sngp.Benchmarks.Data;

/// <summary>A row as a trainer takes it; <see cref="Tables"/> fixes the number of features and classes.</summary>
internal sealed class FeatureRow
{
    public float[] Features { get; set; } = [];

    /// <summary>The class, from 0: in an object ML.NET counts a key from there, in a table from 1.</summary>
    [KeyType(2)]
    public uint Label { get; set; }
}
