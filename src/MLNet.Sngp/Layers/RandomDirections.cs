using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Layers;

/// <summary>Draws the frozen directions W of the random features, shape [H, M].</summary>
internal static class RandomDirections
{
    /// <summary>Independent N(0, 1) entries (Rahimi and Recht 2007).</summary>
    public static Tensor Independent(SeededRandom random, long units, long count, Device device) =>
        Initial.Gaussian(random, [units, count], device);

    /// <summary>
    /// Blocks of H columns, W = Q·D with Q a random orthogonal matrix and D the lengths of independent Gaussian
    /// vectors: each column is distributed as an independent one, and the columns of a block are orthogonal.
    /// </summary>
    /// <remarks>
    /// Yu et al. 2016, "Orthogonal Random Features". The last block is cut where M is no multiple of H.
    /// A QR factorisation is unique up to signs; those of R's diagonal make Q uniform (Mezzadri 2007).
    /// </remarks>
    public static Tensor Orthogonal(SeededRandom random, long units, long count, Device device)
    {
        using var scope = NewDisposeScope();
        var blocks = new List<Tensor>();
        for (var start = 0L; start < count; start += units)
        {
            var (orthogonal, upper) = linalg.qr(Initial.Gaussian(random, [units, units], CPU).to(ScalarType.Float64));
            var lengths = Initial.Gaussian(random, [units, units], CPU).to(ScalarType.Float64).pow(HeldScalars.Two).sum([0L]).sqrt();
            blocks.Add(orthogonal.mul(upper.diagonal().sign()).mul(lengths).narrow(1, 0, Math.Min(units, count - start)));
        }
        return scope.MoveToOuter(cat(blocks.ToArray(), 1).to(ScalarType.Float32).contiguous().to(device));
    }
}
