using MLNet.Sngp.Data;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Backbones;

/// <summary>The directions in which normalised features never vary: what holds for every training row.</summary>
/// <remarks>
/// The categories of a one-hot column add up to 1, and one column may be the sum of others. A row that breaks such a rule lies no further
/// from the training rows than they from each other; the all-zero block of an unseen category even lies in their middle. Its distance along
/// these directions says that it is unlike all of them.
/// </remarks>
internal static class FeatureInvariants
{
    /// <summary>How much further a row that breaks a rule is moved, in units of √(2d), the distance of two training rows.</summary>
    public const double Gain = 5;

    private const int MostFeatures = 512;
    private const int RowsPerFeature = 5;

    // Of variance 1 for each feature.
    private const double LargestVariance = 1e-6;

    /// <summary>An orthonormal basis, shape [d, k]; null where there is none, or where the rows are too few to tell.</summary>
    /// <param name="rows">The training rows.</param>
    /// <param name="moments">How they are normalised.</param>
    /// <param name="throwIfCancelled">Is called for each batch.</param>
    public static Tensor? Of(RowSource rows, FeatureMoments moments, Action throwIfCancelled)
    {
        var width = rows.NumberOfFeatures;
        if (width > MostFeatures || rows.NumberOfRows < RowsPerFeature * width)
            return null;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var centre = NativeTensor.Of(moments.Centre, [1, width], CPU);
        var scale = NativeTensor.Of(moments.Scale, [1, width], CPU);
        var covariance = zeros(width, width, dtype: ScalarType.Float64);
        using var pass = rows.InOrder();
        var batch = new BatchTensors(rows, RowBatch.RowsFor(width), CPU);
        while (batch.Read(pass))
        {
            throwIfCancelled();
            using var batchScope = NewDisposeScope();
            var normalized = batch.Features.to(ScalarType.Float64).sub(centre).mul(scale);
            covariance.addmm_(normalized.t(), normalized);
        }
        using var share = (1.0 / rows.NumberOfRows).ToScalar();
        covariance.mul_(share);
        // A column of one value has a rule of its own, and a scale that says so.
        double[] isConstant = [.. moments.IsConstant.Select(constant => constant ? 1.0 : 0)];
        covariance.diagonal().add_(NativeTensor.Of(isConstant, [width], CPU), HeldScalars.One);
        var (values, vectors) = linalg.eigh(covariance);
        var count = values.data<double>().Count(value => value < LargestVariance);
        return count == 0 ? null : scope.MoveToOuter(vectors.narrow(1, 0, count).contiguous());
    }
}
