namespace TwoMoons;

/// <summary>Uniform and Gaussian numbers that depend on the seed alone, on every machine and .NET version.</summary>
/// <remarks>SplitMix64 (Steele, Lea, Flood 2014) and the Box-Muller transform.</remarks>
internal sealed class SeededRandom(int seed, int stream)
{
    private ulong _state = ((ulong)(uint)stream << 32) | (uint)seed;

    /// <summary>A number in [0, 1).</summary>
    public double NextUniform()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1L << 53));
    }

    /// <summary>A number from N(0, 1).</summary>
    public double NextGaussian()
        => Math.Sqrt(-2 * Math.Log(1 - NextUniform())) * Math.Cos(2 * Math.PI * NextUniform());
}
