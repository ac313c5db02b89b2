using System.Runtime.InteropServices;
using MLNet.Sngp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>
/// Chooses the kernel scale s from the data: half the median squared distance between the hidden vectors of up to
/// 500 rows, before training and with bounded weights. At that distance the kernel exp(−d²/(2s)) is 1/e.
/// </summary>
/// <remarks>The median heuristic of kernel methods (Garreau et al. 2017), on the untrained hidden layer.</remarks>
internal static class KernelScaleEstimator
{
    private const int SampleSize = 500;

    // Wider rows go through the network in parts: 32 MB of features at a time.
    private const int MostNumbers = 1 << 23;

    // Below this, weights divided by √s overflow single precision.
    private const double SmallestDistance = 1e-70;

    /// <param name="hidden">Gives the vectors whose distances the kernel takes, shape [B, H], for rows of features.</param>
    /// <param name="rows">The training table.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="seed">Chooses the sample.</param>
    public static double Estimate(Func<Tensor, Tensor> hidden, RowSource rows, Device device, int seed)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var pass = rows.Sample(SampleSize, seed);
        var count = (int)Math.Min(SampleSize, rows.NumberOfRows);
        var batch = new BatchTensors(rows, Math.Clamp(MostNumbers / rows.NumberOfFeatures, 1, count), device);
        var vectors = new List<double>();
        while (batch.Read(pass))
        {
            using var inner = NewDisposeScope();
            vectors.AddRange(hidden(batch.Features).to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray());
        }
        var median = MedianSquaredDistance(CollectionsMarshal.AsSpan(vectors), count);
        if (!double.IsFinite(median))
            throw new InvalidOperationException("The kernel scale cannot be chosen: the hidden vectors are not finite. Centre and scale the features (NormalizeMeanVariance with fixZero: false), or set KernelScale.");
        // Rows that are all alike have no distance to measure; any scale serves them.
        return median > SmallestDistance ? median / 2 : 1;
    }

    /// <summary>The median of |hᵢ − hⱼ|² over all pairs i &lt; j; with an even number of pairs, the upper of the two middle ones.</summary>
    /// <param name="vectors">The vectors, one after the other.</param>
    /// <param name="count">How many vectors there are.</param>
    internal static double MedianSquaredDistance(ReadOnlySpan<double> vectors, int count)
    {
        var width = vectors.Length / count;
        var distances = new List<double>(count * (count - 1) / 2);
        for (var i = 0; i < count; i++)
        {
            for (var j = i + 1; j < count; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < width; k++)
                {
                    var difference = vectors[i * width + k] - vectors[j * width + k];
                    sum += difference * difference;
                }
                distances.Add(sum);
            }
        }
        distances.Sort();
        return distances.Count == 0 ? 0 : distances[distances.Count / 2];
    }
}
