using System.Globalization;
using System.Runtime.InteropServices;
using MLNet.Sngp.Data;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>
/// Chooses the kernel scale s from the data: half the median squared distance between the hidden vectors of up to
/// 500 rows, before training and with bounded weights. At that distance the kernel exp(−d²/(2s)) is 1/e.
/// </summary>
/// <remarks>
/// The median heuristic of kernel methods (Garreau et al. 2017), on the untrained hidden layer. Where more than half of the pairs are
/// near-duplicates it is taken over the others; see docs/decisions/0002-kernel-scale-in-the-bounded-network.md.
/// </remarks>
internal static class KernelScaleEstimator
{
    private const int SampleSize = 500;

    // Wider rows go through the network in parts: 32 MB of features at a time.
    private const int MostNumbers = 1 << 23;

    // Below this, weights divided by √s overflow single precision.
    private const double SmallestDistance = 1e-70;

    // Of the squared distance of far pairs: at the scale of nearer ones the kernel of far pairs is below exp(−300).
    private const double NearDuplicate = 0.003;

    // Far pairs are not those of a few outlying rows,
    private const double FarQuantile = 0.975;

    // unless the steps of training move a hidden vector further than what most pairs are apart.
    private const double Untrainable = 1e-3;

    /// <param name="hidden">Gives the vectors whose distances the kernel takes, shape [B, H], for rows of features.</param>
    /// <param name="rows">The training table.</param>
    /// <param name="device">Where the network is.</param>
    /// <param name="seed">Chooses the sample.</param>
    /// <param name="warn">Is told where the median says nothing and the scale is a guess; null for nobody.</param>
    /// <param name="throwIfCancelled">Is called again and again; null for nothing.</param>
    public static double Estimate(
        Func<Tensor, Tensor> hidden, RowSource rows, Device device, int seed, Action<string>? warn = null, Action? throwIfCancelled = null)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        using var pass = rows.Sample(SampleSize, seed);
        var count = (int)Math.Min(SampleSize, rows.NumberOfRows);
        var batch = new BatchTensors(rows, Math.Clamp(MostNumbers / rows.NumberOfFeatures, 1, count), device);
        var vectors = new List<double>();
        while (batch.Read(pass))
        {
            throwIfCancelled?.Invoke();
            using var inner = NewDisposeScope();
            vectors.AddRange(hidden(batch.Features).to(ScalarType.Float64).cpu().contiguous().data<double>().ToArray());
        }
        var scale = Choose(SquaredDistances(CollectionsMarshal.AsSpan(vectors), count, throwIfCancelled), out var guess);
        if (!double.IsFinite(scale))
            throw new InvalidOperationException(
                "The kernel scale cannot be chosen: the hidden vectors are not finite. Centre and scale the features "
                + "(NormalizeMeanVariance with fixZero: false), or set KernelScale.");
        if (guess != null)
            warn?.Invoke(string.Create(CultureInfo.InvariantCulture,
                $"The kernel scale {scale} is a guess: {guess} among {count} sampled rows. Remove duplicate rows and constant columns, or "
                + $"set {nameof(GaussianProcessOptions.KernelScale)}."));
        return scale;
    }

    /// <summary>Half the median of the squared distances, or of those that are not of near-duplicates where most are.</summary>
    /// <param name="distances">Squared distances, sorted.</param>
    /// <param name="guess">Why the median of all says nothing; null where it serves.</param>
    internal static double Choose(ReadOnlySpan<double> distances, out string? guess)
    {
        guess = null;
        var others = distances;
        while (others.Length > 0)
        {
            var median = others[others.Length / 2];
            var far = median < Untrainable ? others[^1] : others[(int)(others.Length * FarQuantile)];
            // What is no number is not below anything.
            if (!(median <= SmallestDistance || median < NearDuplicate * far))
                return median / 2;
            var limit = Math.Max(SmallestDistance, NearDuplicate * far);
            var near = 0;
            while (near < others.Length && others[near] <= limit)
                near++;
            others = others[near..];
            guess = FormattableString.Invariant($"{distances.Length - others.Length} of {distances.Length} pairs are (nearly) alike");
        }
        guess ??= "there are no pairs";
        // Rows that are all alike have no distance to measure; any scale serves them.
        return 1;
    }

    /// <summary>|hᵢ − hⱼ|² over all pairs i &lt; j, sorted.</summary>
    /// <param name="vectors">The vectors, one after the other.</param>
    /// <param name="count">How many vectors there are.</param>
    /// <param name="throwIfCancelled">Is called for each vector; null for nothing.</param>
    internal static double[] SquaredDistances(ReadOnlySpan<double> vectors, int count, Action? throwIfCancelled = null)
    {
        var width = vectors.Length / count;
        var distances = new double[count * (count - 1) / 2];
        var pair = 0;
        for (var i = 0; i < count; i++)
        {
            throwIfCancelled?.Invoke();
            for (var j = i + 1; j < count; j++)
            {
                var sum = 0.0;
                for (var k = 0; k < width; k++)
                {
                    var difference = vectors[i * width + k] - vectors[j * width + k];
                    sum += difference * difference;
                }
                distances[pair++] = sum;
            }
        }
        Array.Sort(distances);
        return distances;
    }
}
