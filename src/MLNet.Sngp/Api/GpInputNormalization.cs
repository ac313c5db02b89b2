namespace MLNet.Sngp;

/// <summary>How a hidden vector h is normalised before the random features.</summary>
public enum GpInputNormalization
{
    /// <summary><see cref="DirectionAndLength"/> for rows of three features and more; <see cref="None"/> below, where a direction says
    /// little, and for a <see cref="WideResNet"/>, which normalises by itself.</summary>
    Automatic,

    /// <summary>h as it is: the tutorial's.</summary>
    None,

    /// <summary>Layer normalisation with trainable gain and bias: where h points, but not how far.</summary>
    LayerNorm,

    /// <summary>Layer normalisation, and the logarithm of h's length as one more number: √H·log(mean h² + 1e-3).</summary>
    /// <remarks>Rows are alike where they point the same way and are about as far from the centre. What is known of a vector by its
    /// direction is kept, and a row ten times as far along the same direction is still far.</remarks>
    DirectionAndLength,
}
