using System.ComponentModel.DataAnnotations;
using System.Globalization;
using MLNet.Sngp.Backbones;
using MLNet.Sngp.Data;
using static TorchSharp.torch;

namespace MLNet.Sngp;

/// <summary>A Wide ResNet for images: a convolution, three groups of residual blocks of convolutions within a spectral norm bound, and the
/// mean over the pixels of each group.</summary>
/// <remarks>
/// <para>Zagoruyko and Komodakis, "Wide Residual Networks", arXiv 1605.07146, in the form of uncertainty-baselines. A block adds to its
/// input BN–ReLU–conv–BN–ReLU–conv of it; where the shape changes, at the beginning of a group, the input goes through a convolution of one
/// pixel. The second and the third group halve height and width. WRN-28-10 has <see cref="Depth"/> 28 and <see cref="WidenFactor"/>
/// 10.</para>
/// <para>The feature column's type must state the dimensions of an image, channels by height by width or height by width by at most 4
/// channels, with at least 8 pixels each way: <c>ExtractPixels</c> gives such a column. Pixels may be of any scale: the network centres and
/// scales each channel by what the training rows say, and the model does the same.</para>
/// </remarks>
/// <example><code>var options = new SngpOptions { Backbone = new WideResNet { Depth = 16, WidenFactor = 2 } };</code></example>
public sealed class WideResNet : Backbone
{
    // Two halvings leave two by two pixels.
    private const int SmallestSide = 8;

    /// <summary>The number of convolutions on the longest path, shortcuts left aside, and the output layer: 6n + 4, n the blocks in a
    /// group.</summary>
    /// <value>The default is 16. The reference's is 28.</value>
    [Range(10, 1000)]
    public int Depth { get; set; } = 16;

    /// <summary>k: the groups are k, 2k and 4k times as wide as <see cref="BaseWidth"/>.</summary>
    /// <value>The default is 2. The reference's is 10.</value>
    [Range(1, 100)]
    public int WidenFactor { get; set; } = 2;

    /// <summary>The number of channels that the first convolution gives. A hidden vector has 7k times as many units, or 4k of the last
    /// group alone.</summary>
    /// <value>The default is 16, the paper's.</value>
    [Range(1, 1024)]
    public int BaseWidth { get; set; } = 16;

    /// <summary>Whether a hidden vector holds the mean channels of all three groups, instead of those of the last.</summary>
    /// <remarks>The last group keeps what tells classes apart; what is strange about an image is often seen by the first.</remarks>
    /// <value>The default is true. The paper and the reference take the last group alone.</value>
    public bool PoolsEveryGroup { get; set; } = true;

    /// <summary>The probability that a value before a block's second convolution is dropped in a training step; from 0 to below
    /// 1.</summary>
    /// <remarks>Kept to a multiple of 2⁻¹⁶.</remarks>
    /// <value>The default is 0. The reference drops whole channels, with probability 0.1.</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double DropoutRate { get; set; }

    /// <summary>The bound c on the largest singular value of each convolution, as a map of whole images of the size that it gets; above 0.
    /// Null leaves them unbounded.</summary>
    /// <remarks>Smaller weights are left untouched. Batch normalisation scales what it gets, so the bound needs not be below 1.</remarks>
    /// <value>The default is 6, the reference's.</value>
    [Range(0.0, 1e6, MinimumIsExclusive = true)]
    public double? SpectralNormBound { get; set; } = 6;

    /// <summary>The number of power iterations before each training step that estimate the largest singular values. Not used without a
    /// <see cref="SpectralNormBound"/>.</summary>
    /// <value>The default is 1, the reference's.</value>
    [Range(1, 1000)]
    public int NumberOfPowerIterations { get; set; } = 1;

    internal override bool TakesAnyScale => true;

    internal override bool IsNormalized => true;

    internal override bool TrainsForAllSteps => true;

    internal override bool HasDropout => DropoutRate * 65536 >= 0.5;

    /// <summary>n.</summary>
    internal int BlocksInGroup => (Depth - 4) / 6;

    internal long NumberOfHiddenUnits => (PoolsEveryGroup ? 7L : 4L) * BaseWidth * WidenFactor;

    internal override Backbone WithDefaults() => new WideResNet();

    internal override IEnumerable<string> Contradictions() => (Depth - 4) % 6 == 0 ? [] : [string.Create(CultureInfo.InvariantCulture,
        $"{nameof(SngpOptions.Backbone)}.{nameof(Depth)} is {Depth}; it must be 6n + 4, n the blocks in a group: 10, 16, 22, 28, 34, 40.")];

    internal override bool IsIgnored(string option) => option == nameof(NumberOfPowerIterations) && SpectralNormBound is null;

    internal override long Check(long[] rowShape)
    {
        var shape = string.Join(" by ", rowShape.Select(size => size.ToString(CultureInfo.InvariantCulture)));
        if (ImageShape.Of(rowShape) is not { } images)
        {
            throw new NotSupportedException(
                $"A {nameof(WideResNet)} takes images, channels by height by width, and the feature column's type states {shape}. Make the "
                + "column with ExtractPixels, or give its type the dimensions: new VectorDataViewType(NumberDataViewType.Single, channels, "
                + $"height, width), in the SchemaDefinition of LoadFromEnumerable for instance. For vectors take {nameof(ResidualMlp)}.");
        }
        if (Math.Min(images.Height, images.Width) >= SmallestSide)
            return NumberOfHiddenUnits;
        var order = images.IsInterleaved ? "height by width by channels" : "channels by height by width";
        throw new NotSupportedException(FormattableString.Invariant(
            $"A {nameof(WideResNet)} takes images of at least {SmallestSide} by {SmallestSide} pixels, ")
            + $"and the feature column's type states {shape}, {order}. Enlarge them with ResizeImages.");
    }

    internal override BackboneModule Create(long[] rowShape, SeededRandom random, Device device) =>
        new WideResNetModule(this, rowShape, random, device);
}
