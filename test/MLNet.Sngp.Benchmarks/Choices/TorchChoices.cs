using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Benchmarks.Choices;

/// <summary>Choices of the training step: the default network's sizes.</summary>
internal static class TorchChoices
{
    private const int Layers = 6, Units = 128, Rows = 128, RandomFeatures = 1024;

    public static IEnumerable<Choice> All()
    {
        yield return PowerIteration();
        yield return KeptBuffer();
        yield return Logits();
        yield return OutputGradient();
        yield return Cosine();
    }

    private static Choice PowerIteration()
    {
        var scope = NewDisposeScope();
        var weights = randn(Layers, Units, Units, dtype: ScalarType.Float32);
        var (rights, lefts) = (randn(Layers, 1, Units, dtype: ScalarType.Float32), randn(Layers, 1, Units, dtype: ScalarType.Float32));
        var (layers, right, left) = (weights.unbind(0), rights.squeeze(1).unbind(0), lefts.squeeze(1).unbind(0));
        var transposed = weights.transpose(1, 2);
        return new Choice(
            "power iteration by one batched product (bmm), against layer by layer (addmv)",
            () => rights.bmm(transposed).Dispose(),
            () =>
            {
                for (var layer = 0; layer < Layers; layer++)
                    left[layer].addmv_(layers[layer], right[layer], beta: 0);
            },
            scope);
    }

    private static Choice KeptBuffer()
    {
        var scope = NewDisposeScope();
        var (hidden, weight) = (randn(Rows, Units, dtype: ScalarType.Float32), randn(Units, RandomFeatures, dtype: ScalarType.Float32));
        var kept = zeros(Rows, RandomFeatures, dtype: ScalarType.Float32);
        return new Choice("phases into a kept buffer, against new memory", () => kept.addmm_(hidden, weight, beta: 0), () => hidden.mm(
            weight).Dispose(), scope);
    }

    private static Choice Logits()
    {
        var scope = NewDisposeScope();
        var features = randn(Rows, RandomFeatures, dtype: ScalarType.Float32);
        var (byClass, byFeature) =
            (randn(2, RandomFeatures, dtype: ScalarType.Float32), randn(RandomFeatures, 2, dtype: ScalarType.Float32));
        var (logits, transposed) = (zeros(Rows, 2, dtype: ScalarType.Float32), byClass.t());
        return new Choice("logits of two classes with weights class by class, against feature by feature", () => logits.addmm_(
            features, transposed, beta: 0), () => logits.addmm_(features, byFeature, beta: 0), scope);
    }

    private static Choice OutputGradient()
    {
        var scope = NewDisposeScope();
        var (features, gradient) = (randn(Rows, RandomFeatures, dtype: ScalarType.Float32), randn(Rows, 2, dtype: ScalarType.Float32));
        var (byClass, byFeature) =
            (zeros(2, RandomFeatures, dtype: ScalarType.Float32), zeros(RandomFeatures, 2, dtype: ScalarType.Float32));
        var (featuresTransposed, gradientTransposed) = (features.t(), gradient.t());
        return new Choice("their gradient, likewise", () => byClass.addmm_(gradientTransposed, features, beta: 0), () => byFeature.addmm_(
            featuresTransposed, gradient, beta: 0), scope);
    }

    private static Choice Cosine()
    {
        var scope = NewDisposeScope();
        var phases = randn(Rows, RandomFeatures, dtype: ScalarType.Float32);
        var kept = zeros(Rows, RandomFeatures, dtype: ScalarType.Float32);
        return new Choice(
            "cosines in a kept buffer, against new memory", () => kept.copy_(phases).cos_(), () => phases.cos().Dispose(), scope);
    }
}
