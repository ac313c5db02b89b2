using MLNet.Sngp.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Likelihoods;

/// <summary>A number whose noise differs from row to row: y = c + s·(f(x) + ε) with ε ~ N(0, ν·exp(g(x))), f and g two outputs.</summary>
/// <remarks>Nix and Weigend 1994. What holds of <see cref="Gaussian"/>'s posterior holds here with each row counting exp(−g) times; ν, one
/// number, makes up for what g has learned by heart.</remarks>
internal sealed class HeteroscedasticGaussian : Gaussian
{
    /// <summary>As long as no rows are known.</summary>
    public static new readonly HeteroscedasticGaussian Instance = new(0, 1);

    // A deviation of some hundredths to some hundreds of the label's: beyond, one row would outweigh all others.
    private const float LargestLogarithm = 12;

    private static readonly Scalar Least = (-LargestLogarithm).ToScalar();
    private static readonly Scalar Most = LargestLogarithm.ToScalar();

    private HeteroscedasticGaussian(float centre, float unit)
        : base(centre, unit)
    {
    }

    public override bool HasLossStep => false;

    public override int CountOutputs(int numberOfClasses) => 2;

    /// <summary>½(g + (z − f)²·exp(−g)).</summary>
    public override Tensor Loss(Tensor outputs, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var logarithm = Logarithm(outputs);
        var squares = Target(labels).sub(outputs.select(1, 0)).pow(HeldScalars.Two);
        return scope.MoveToOuter(squares.mul(logarithm.neg().exp()).add(logarithm, HeldScalars.One).mul(HeldScalars.Half));
    }

    /// <summary>exp(−g), up to the factor 1/ν.</summary>
    public override Tensor Curvature(PosteriorOptions options, Tensor outputs)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        return scope.MoveToOuter(Logarithm(outputs.detach().to(ScalarType.Float64)).neg().exp().unsqueeze(1));
    }

    // g was fitted to the same loss.
    public override double NoiseOf(double meanLoss) => 1;

    protected override Gaussian With(float centre, float unit) => new HeteroscedasticGaussian(centre, unit);

    protected override string MeanOf(OnnxGraphBuilder graph, Predictions predictions) => Part(graph, predictions, "regression/means", 0);

    /// <summary>Σ νₘ·exp(gₘ)/M.</summary>
    protected override string AddNoise(OnnxGraphBuilder graph, Predictions predictions)
    {
        var logarithms = graph.Clip("regression/logarithms", Part(graph, predictions, "regression/raw_logarithms", 1), LargestLogarithm);
        float[] factors = [.. predictions.Noises!.Select(noise => (float)noise)];
        return predictions.AddMean(graph, "regression/noises", graph.Node("regression/each_noise", "Mul",
            [graph.Node("regression/exponentials", "Exp", [logarithms]),
                graph.Constant("regression/noise_factors", factors, predictions.Count == 1 ? [1] : [factors.Length, 1, 1])]));
    }

    private static Tensor Logarithm(Tensor outputs) => outputs.select(1, 1).clamp(Least, Most);

    private static string Part(OnnxGraphBuilder graph, Predictions predictions, string name, long index) => graph.Node(name, "Gather",
        [predictions.Outputs, graph.Constant(name + "/index", [index])], ("axis", predictions.Count == 1 ? 1L : 2L));
}
