using System.ComponentModel.DataAnnotations;
using MLNet.Sngp.Backbones;
using static TorchSharp.torch;

namespace MLNet.Sngp;

/// <summary>The tutorial's residual network for tables: a frozen projection of the
/// normalised features, h₀ = x·P, then hₗ₊₁ = hₗ + dropout(relu(hₗ·Wₗ + bₗ)), the
/// weights within a spectral norm bound.</summary>
/// <remarks>The features of a row are taken as one vector, whatever their dimensions.</remarks>
public sealed class ResidualMlp : Backbone
{
    // Named here once: the short overloads of the catalog have the same.
    internal const int DefaultNumberOfHiddenLayers = 2;
    private const long FewestUnits = 128;
    private const long MostUnits = 512;

    /// <summary>The number of residual hidden layers.</summary>
    /// <value>The default is 2: six, the tutorial's, overfit small tables and take twice as long.</value>
    [Range(1, 1000)]
    public int NumberOfHiddenLayers { get; set; } = DefaultNumberOfHiddenLayers;

    /// <summary>The width of every hidden layer, in units; null takes as many as there are features, but at least 128 and at most
    /// 512.</summary>
    /// <remarks>Rows of many features lie closer together after a narrow projection than they are.</remarks>
    /// <value>The default is <see langword="null"/>. The tutorial's is 128.</value>
    [Range(1, 65536)]
    public int? NumberOfHiddenUnits { get; set; }

    /// <summary>The probability that a unit of a residual branch is dropped in a training step; from 0 to below 1.</summary>
    /// <remarks>Kept to a multiple of 2⁻¹⁶.</remarks>
    /// <value>The default is 0.1, the tutorial's.</value>
    [Range(0.0, 1.0, MaximumIsExclusive = true)]
    public double DropoutRate { get; set; } = 0.1;

    /// <summary>The bound c on the largest singular value of each hidden layer's weights; above 0. Null leaves them unbounded.</summary>
    /// <remarks>Below 1 a residual layer keeps the order of distances; smaller weights are left untouched.</remarks>
    /// <value>The default is 0.9, the tutorial's.</value>
    [Range(0.0, 1e6, MinimumIsExclusive = true)]
    public double? SpectralNormBound { get; set; } = 0.9;

    /// <summary>The number of power iterations before each training step that estimate the largest singular value. Not used without a
    /// <see cref="SpectralNormBound"/>.</summary>
    /// <value>The default is 1, the reference's.</value>
    [Range(1, 1000)]
    public int NumberOfPowerIterations { get; set; } = 1;

    /// <summary>Whether the network centres and scales the features itself, by what the training rows say.</summary>
    /// <remarks>Each feature is centred by its mean and divided by its standard deviation, folded into the first layer; a rare category or
    /// word is not blown up, and a column of one value shows when it takes another. Features that the pipeline has normalised stay as they
    /// are. With
    /// <see langword="false"/>, distances between rows are those of the features as they come.</remarks>
    /// <value>The default is <see langword="true"/>. The tutorial takes features as they come.</value>
    public bool NormalizeFeatures { get; set; } = true;

    internal override bool TakesAnyScale => NormalizeFeatures;

    internal override bool HasDropout => DropoutRate * 65536 >= 0.5;

    internal override Backbone WithDefaults() => new ResidualMlp();

    internal override bool IsIgnored(string option) => option == nameof(NumberOfPowerIterations) && SpectralNormBound is null;

    internal override long Check(long[] rowShape) => NumberOfHiddenUnits ?? Math.Clamp(NumberOfFeatures(rowShape), FewestUnits, MostUnits);

    internal override BackboneModule Create(long[] rowShape, SeededRandom random, Device device) =>
        new ResidualMlpModule(this, NumberOfFeatures(rowShape), Check(rowShape), random, device);

    private static long NumberOfFeatures(long[] rowShape) => rowShape.Aggregate(1L, (product, size) => product * size);
}
