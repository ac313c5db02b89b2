namespace MLNet.Sngp;

/// <summary>
/// SplitMix64: a random generator whose numbers depend on the seed alone, on every version of .NET, and whose
/// whole state is one number.
/// </summary>
/// <remarks>Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014. Not thread-safe.</remarks>
internal sealed class SeededRandom
{
    private const ulong Increment = 0x9E3779B97F4A7C15;
    private ulong _state;
    private double? _spareGaussian;

    /// <param name="seed">The seed that a user gave or that was drawn.</param>
    /// <param name="purpose">Numbers for one purpose stay the same when another purpose draws more.</param>
    /// <param name="index">Chooses one of many streams for the purpose, each of which can be had without the others.</param>
    public SeededRandom(int seed, RandomPurpose purpose, int index = 0) => _state = Mix(Mix((uint)seed + Increment) + (ulong)purpose)
        + Mix((uint)index);

    public ulong NextUInt64() => Mix(_state += Increment);

    /// <summary>Uniform in [0, 1), with 53 random bits.</summary>
    public double NextDouble() => (NextUInt64() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="exclusiveMaximum"/>).</summary>
    public int NextInt32(int exclusiveMaximum) => (int)NextInt64(exclusiveMaximum);

    /// <summary>Uniform in [0, <paramref name="exclusiveMaximum"/>).</summary>
    public long NextInt64(long exclusiveMaximum) => (long)Math.BigMul(NextUInt64(), (ulong)exclusiveMaximum, out _);

    /// <summary>Standard normal, by the method of Box and Muller.</summary>
    public double NextGaussian()
    {
        if (_spareGaussian is { } spare)
        {
            _spareGaussian = null;
            return spare;
        }
        var radius = Math.Sqrt(-2 * Math.Log(1 - NextDouble()));
        var (sin, cos) = Math.SinCos(2 * Math.PI * NextDouble());
        _spareGaussian = radius * sin;
        return radius * cos;
    }

    /// <summary>Puts <paramref name="items"/> in random order (Fisher and Yates).</summary>
    public void Shuffle<T>(Span<T> items)
    {
        for (var last = items.Length - 1; last > 0; last--)
        {
            var other = NextInt32(last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
