using BenchmarkDotNet.Attributes;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Benchmarks.Micro;

/// <summary>The posterior alone: a batch of 1,024 rows added, and the factor of the variance.</summary>
public class PosteriorBenchmarks
{
    private const int Rows = 1024;
    private DisposeScope _scope = null!;
    private LaplacePosterior _posterior = null!;
    private Tensor _features = null!;

    [Params(256, 1024, 2048, 4096)]
    public int RandomFeatures { get; set; }

    [GlobalSetup]
    public void Make()
    {
        _scope = NewDisposeScope();
        _posterior = new LaplacePosterior(RandomFeatures, 1, CPU);
        var values = new float[Rows * RandomFeatures];
        var random = new Random(1);
        for (var i = 0; i < values.Length; i++)
            values[i] = MathF.Sqrt(2f / RandomFeatures) * MathF.Cos(2 * MathF.PI * random.NextSingle());
        _features = tensor(values, [Rows, RandomFeatures]);
        _posterior.Add(_features, null);
    }

    [GlobalCleanup]
    public void Free() => _scope.Dispose();

    [Benchmark]
    public void Add() => _posterior.Add(_features, null);

    [Benchmark]
    public void VarianceFactor() => _posterior.VarianceFactor(out _).Dispose();
}
