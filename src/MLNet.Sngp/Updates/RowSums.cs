using System.Runtime.InteropServices;
using System.Security.Cryptography;
using MLNet.Sngp.Posterior;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Updates;

/// <summary>What rows tell the output weights, as sums that add up over parts of a table. Immutable.</summary>
/// <remarks>
/// S = Σ wφφᵀ and, of a regression, b = Σ wφz, Σ wz² and Σ w. Of classes, in place of b, what the rows add to Pβ, the first natural
/// parameter of the Gaussian N(β, P⁻¹): the product of Gaussians has the sum of theirs.
/// </remarks>
/// <param name="Triangle">S on and above the diagonal, row after row: M(M + 1)/2 numbers.</param>
/// <param name="Products">b, or Pβ, output after output: P·M numbers.</param>
/// <param name="Squares">Σ wz²; 0 of classes.</param>
/// <param name="Weight">Σ w; 0 of classes.</param>
/// <param name="Rows">The number of rows.</param>
internal sealed record RowSums(double[] Triangle, double[] Products, double Squares, double Weight, long Rows)
{
    /// <summary>A mark of each table that was taken in; none of the training's.</summary>
    public double[] Tables { get; init; } = [];

    /// <summary>M.</summary>
    public int NumberOfFeatures => FeaturesOf(Triangle.Length);

    /// <summary>P.</summary>
    public int NumberOfOutputs => Products.Length / NumberOfFeatures;

    /// <summary>M of a triangle of so many numbers.</summary>
    public static int FeaturesOf(long numbers) => (int)((Math.Sqrt((8.0 * numbers) + 1) - 1) / 2);

    /// <param name="posterior">Has S and the number of rows.</param>
    /// <param name="products">Shape [M, P], in double precision.</param>
    /// <param name="squares">Σ wz².</param>
    /// <param name="weight">Σ w.</param>
    public static RowSums Of(LaplacePosterior posterior, Tensor products, double squares, double weight)
    {
        using var scope = NewDisposeScope();
        var count = (int)posterior.Sum.shape[1];
        var triangle = new double[count * (count + 1L) / 2];
        var sum = posterior.Sum[0].cpu();
        for (int row = 0, start = 0; row < count; start += count - row, row++)
        {
            using var inner = NewDisposeScope();
            Numbers(sum[row])[row..].CopyTo(triangle.AsSpan(start));
        }
        return new RowSums(triangle, Numbers(products.t().cpu().contiguous()).ToArray(), squares, weight, posterior.NumberOfRows);
    }

    /// <summary>The sums of the rows of both.</summary>
    public RowSums Plus(RowSums other) => new(Add(Triangle, other.Triangle), Add(Products, other.Products), Squares + other.Squares,
        Weight + other.Weight, Rows + other.Rows) { Tables = [.. Tables, .. other.Tables] };

    /// <summary>The same sums, marked as those of a table with such labels.</summary>
    public RowSums Marked(Tensor labels)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(labels.bytes);
        hash.AppendData(MemoryMarshal.AsBytes(Triangle.AsSpan(0, NumberOfFeatures)));
        hash.AppendData(MemoryMarshal.AsBytes(Triangle.AsSpan()[^NumberOfFeatures..]));
        // As many bits as a number of double precision holds.
        return this with { Tables = [BitConverter.ToUInt64(hash.GetHashAndReset()) >> 12] };
    }

    /// <summary>The posterior of these rows; it belongs to the current dispose scope.</summary>
    public LaplacePosterior ToPosterior(double ridge, Action throwIfCancelled)
    {
        var count = NumberOfFeatures;
        var posterior = new LaplacePosterior(count, ridge, CPU, throwIfCancelled: throwIfCancelled);
        using var scope = NewDisposeScope();
        var sum = posterior.Sum[0];
        var packed = NativeTensor.Of(Triangle, [Triangle.LongLength], CPU);
        for (long row = 0, start = 0; row < count; start += count - row, row++)
        {
            using var inner = NewDisposeScope();
            var part = packed.narrow(0, start, count - row);
            sum[row].narrow(0, row, count - row).copy_(part);
            sum.select(1, row).narrow(0, row, count - row).copy_(part);
        }
        posterior.Restore(ridge, Rows);
        return posterior;
    }

    /// <summary><see cref="Products"/>, shape [M, P].</summary>
    public Tensor ProductsTensor()
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(NativeTensor.Of(Products, [NumberOfOutputs, NumberOfFeatures], CPU).t().contiguous());
    }

    private static Span<double> Numbers(Tensor values) => MemoryMarshal.Cast<byte, double>(values.bytes);

    private static double[] Add(double[] left, double[] right)
    {
        var sum = new double[left.Length];
        for (var i = 0; i < sum.Length; i++)
            sum[i] = left[i] + right[i];
        return sum;
    }
}
