using MLNet.Sngp.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace TorchSharpLayers;

/// <summary>The tutorial's two changes to the same network: bounded hidden layers, and a Gaussian process as the output layer.</summary>
internal sealed class DeepResNetSngp : DeepResNet
{
    private readonly RandomFeatureGaussianProcess classifier;

    public DeepResNetSngp(int classes, double specNormBound = 0.9)
        : base(layer => new SpectralNormalization(layer, specNormBound)) =>
        classifier = new RandomFeatureGaussianProcess(Units, classes);

    /// <summary>The logits alone, as the training needs them.</summary>
    public override Tensor forward(Tensor x) => classifier.call(Hidden(x)).Logits;

    /// <summary>Logits and their variance; to be asked for in evaluation mode.</summary>
    public (Tensor Logits, Tensor Variance) Predict(Tensor x)
    {
        var (logits, variance) = classifier.call(Hidden(x));
        return (logits, variance!);
    }

    /// <summary>So that each row counts once, in the last epoch.</summary>
    public void ResetCovariance() => classifier.ResetCovariance();
}
