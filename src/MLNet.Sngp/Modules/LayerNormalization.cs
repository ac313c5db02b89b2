using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Modules;

/// <summary>
/// Layer normalisation with trainable gain and bias: g·(h − mean(h))/√(var(h) + ε) + c over the units of a row.
/// </summary>
/// <remarks>Ba, Kiros and Hinton 2016, with Keras' ε and the variance divided by H, as in edward2 and tensorflow/models.</remarks>
internal sealed class LayerNormalization
{
    /// <summary>ε.</summary>
    public const double Epsilon = 1e-3;

    /// <summary>ε for torch.</summary>
    public static readonly Scalar HeldEpsilon = Epsilon.ToScalar();

    /// <param name="gain">g, shape [H]; set to 1.</param>
    /// <param name="bias">c, shape [H]; left as it is.</param>
    public LayerNormalization(Tensor gain, Tensor bias)
    {
        Gain = gain;
        Bias = bias;
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Gain.fill_(HeldScalars.One);
    }

    public Tensor Gain { get; }

    public Tensor Bias { get; }

    /// <summary>Shape [B, H] to shape [B, H].</summary>
    public Tensor Forward(Tensor hidden)
    {
        var centred = hidden.sub(hidden.mean([1], keepdim: true));
        var deviation = centred.pow(HeldScalars.Two).mean([1], keepdim: true).add(HeldEpsilon, HeldScalars.One).sqrt();
        return centred.div(deviation).mul(Gain).add(Bias, HeldScalars.One);
    }
}
