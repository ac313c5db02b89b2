using System.ComponentModel.DataAnnotations;

namespace MLNet.Sngp;

/// <summary>The options of the Gaussian process layer; not used by a dense output layer.</summary>
public sealed class GaussianProcessOptions
{
    /// <summary>The kernel of the Gaussian process layer.</summary>
    /// <value>The default is <see cref="GaussianProcessKernel.Gaussian"/>, the tutorial's.</value>
    [EnumDataType(typeof(GaussianProcessKernel))]
    public GaussianProcessKernel Kernel { get; set; } = GaussianProcessKernel.Gaussian;

    /// <summary>M, the number of random features that approximate the Gaussian kernel.</summary>
    /// <remarks>The posterior takes M² values and M³ operations once. With the linear kernel there are as many features as
    /// hidden units, and M enters only the factor of <see cref="ScaleRandomFeatures"/>, as in tensorflow/models.</remarks>
    /// <value>The default is 1024, the tutorial's.</value>
    [Range(1, 32768)]
    public int NumberOfRandomFeatures { get; set; } = 1024;

    /// <summary>The scale s of the kernel exp(−d²/(2s)), d the distance of two hidden vectors, or of the linear kernel h·h′/s; above 0.
    /// Null chooses it from the data.</summary>
    /// <remarks>The automatic scale is half the median squared distance between the hidden vectors of up to 500 training rows before
    /// training, with bounded weights.</remarks>
    /// <value>The default is <see langword="null"/>. The tutorial's 1 suits its two features; it gives chance accuracy on wider
    /// tables.</value>
    [Range(0.0, double.MaxValue, MinimumIsExclusive = true)]
    public double? KernelScale { get; set; }

    /// <summary>Draws the directions of the random features in orthogonal blocks instead of independently.</summary>
    /// <remarks>The same kernel is approximated with less error (Yu et al. 2016). Not to be combined with the linear kernel, which
    /// draws none.</remarks>
    /// <value>The default is <see langword="false"/>, the tutorial's.</value>
    public bool OrthogonalRandomFeatures { get; set; }

    /// <summary>How each hidden vector is normalised before the random features.</summary>
    /// <remarks>The kernel scale applies to what comes out; the automatic one is measured on it. <see
    /// cref="GpInputNormalization.LayerNorm"/> alone hides how far a row is from the others along its own direction.</remarks>
    /// <value>The default is <see cref="GpInputNormalization.Automatic"/>. The tutorial takes hidden vectors as they are.</value>
    [EnumDataType(typeof(GpInputNormalization))]
    public GpInputNormalization NormalizeGpInput { get; set; }

    /// <summary>Multiplies the random features by √(2/M), so that their inner products approximate the kernel itself.</summary>
    /// <value>The default is <see langword="true"/>, the tutorial's.</value>
    public bool ScaleRandomFeatures { get; set; } = true;

    /// <summary>A constant that is added to all logits; any finite number. It is not trained.</summary>
    /// <remarks>Being alike for all classes, it changes <c>Score</c> only where the adjustment differs between them: under
    /// covariance per class.</remarks>
    /// <value>The default is 0, the reference's <c>gp_output_bias</c>.</value>
    [Range(-1e6, 1e6)]
    public double OutputBias { get; set; }

    /// <summary>The L2 penalty on the output weights β: adds this times Σβ² to the loss; at least 0.</summary>
    /// <value>The default is 1e-6, the reference's.</value>
    [Range(0.0, 1e6)]
    public double OutputWeightDecay { get; set; } = 1e-6;

    /// <summary>Settles what is left to the number of features and the backbone.</summary>
    internal void Choose(long numberOfFeatures, Backbone backbone)
    {
        if (NormalizeGpInput == GpInputNormalization.Automatic)
            NormalizeGpInput = numberOfFeatures < 3 || backbone.IsNormalized
                ? GpInputNormalization.None
                : GpInputNormalization.DirectionAndLength;
    }

    internal GaussianProcessOptions Copy() => (GaussianProcessOptions)MemberwiseClone();
}
