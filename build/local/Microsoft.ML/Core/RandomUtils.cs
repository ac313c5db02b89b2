using System;
using System.Numerics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

internal static class RandomUtils
{
    public static TauswortheRandom Create(int? seed) => seed == null ? Create(new Random()) : new TauswortheRandom((uint)seed.Value);

    public static TauswortheRandom Create(Random source) => new(source);

    public static float NextSingle(Random random)
    {
        if (random is TauswortheRandom own)
            return own.NextSingle();
        for (;;)
        {
            var value = (float)random.NextDouble();
            if (value < 1) // the largest double below 1 rounds to 1
                return value;
        }
    }
}

/// <summary>
/// The generator that ML.NET documents as its own: three Tausworthe steps and one linear congruential step, combined by xor
/// (GPU Gems 3, chapter 37). The same seed must give the same sequence as there, since splits and shuffles hang on it.
/// </summary>
internal sealed class TauswortheRandom : Random
{
    private uint _z1, _z2, _z3, _z4;

    public TauswortheRandom(uint seed)
    {
        _z1 = seed;
        _z2 = MurmurRound(_z1, _z1);
        _z3 = MurmurRound(_z2, _z1);
        _z4 = MurmurRound(_z3, _z1);
    }

    public TauswortheRandom(Random source)
    {
        _z1 = Large(source);
        _z2 = Large(source);
        _z3 = Large(source);
        _z4 = Any(source);
    }

    public override float NextSingle() => (NextUInt() >> 9) * (1f / (1 << 23));

    /// <summary>A double that is exactly a single: what ML.NET's number column holds.</summary>
    public double NextDouble32() => NextSingle();

    public override double NextDouble() => NextUInt() * (1.0 / 4294967296.0);

    public override int Next()
    {
        var u = NextUInt();
        return (int)(u + (u & 0x80000000));
    }

    public override int Next(int maxValue)
    {
        Contracts.CheckParam(maxValue >= 0, nameof(maxValue), "maxValue must be non-negative");
        return (int)(((ulong)NextUInt() * (ulong)maxValue) >> 32);
    }

    public override int Next(int minValue, int maxValue)
    {
        Contracts.CheckParam(minValue <= maxValue, nameof(minValue), "minValue must be less than or equal to maxValue.");
        return (int)((long)(NextDouble() * ((long)maxValue - minValue)) + minValue);
    }

    public override void NextBytes(byte[] buffer)
    {
        for (var i = 0; i < buffer.Length; i++)
            buffer[i] = (byte)Next();
    }

    public int NextSigned() => (int)NextUInt();

    private uint NextUInt()
    {
        Step(ref _z1, 13, 19, 12, ~0x1u);
        Step(ref _z2, 2, 25, 4, ~0x7u);
        Step(ref _z3, 3, 11, 17, ~0xfu);
        _z4 = 1664525 * _z4 + 1013904223;
        return _z1 ^ _z2 ^ _z3 ^ _z4;
    }

    private static void Step(ref uint z, int s1, int s2, int s3, uint mask) => z = ((z & mask) << s3) ^ (((z << s1) ^ z) >> s2);

    private static uint MurmurRound(uint hash, uint chunk)
        => BitOperations.RotateLeft(hash ^ (BitOperations.RotateLeft(chunk * 0xCC9E2D51, 15) * 0x1B873593), 13) * 5 + 0xE6546B64;

    private static uint Any(Random source) => ((uint)source.Next(0x10000) << 16) | (uint)source.Next(0x10000);

    private static uint Large(Random source)
    {
        for (;;)
        {
            var u = Any(source);
            if (u >= 128) // a Tausworthe state must not be small
                return u;
        }
    }
}
