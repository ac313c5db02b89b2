using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Modules;

/// <summary>
/// The tutorial's residual network without its output layer: h₀ = x·P + p, then
/// hₗ₊₁ = hₗ + dropout(relu(hₗ·Wₗ + bₗ)). The projection P is frozen.
/// </summary>
internal sealed class ResidualNetwork
{
    private readonly ParameterStore _parameters;

    /// <param name="shape">The sizes.</param>
    /// <param name="parameters">Holds L weights of shape [H, H], then L biases of shape [H], before any others.</param>
    /// <param name="random">Draws the initial weights.</param>
    public ResidualNetwork(NetworkShape shape, ParameterStore parameters, SeededRandom random)
    {
        Shape = shape;
        _parameters = parameters;
        var device = parameters.Values.device;
        long layers = shape.NumberOfHiddenLayers, units = shape.NumberOfHiddenUnits;
        ProjectionWeight = Initial.GlorotUniform(random, shape.NumberOfFeatures, units, device);
        ProjectionBias = zeros(units, dtype: ScalarType.Float32, device: device);
        StackedWeights = parameters.Values.narrow(0, 0, layers * units * units).view(layers, units, units);
        using var scope = NewDisposeScope();
        for (var layer = 0; layer < layers; layer++)
            StackedWeights.select(0, layer).copy_(Initial.GlorotUniform(random, units, units, device));
    }

    public NetworkShape Shape { get; }

    /// <summary>Whether rows come as x·P + p instead of x: P is frozen, so that product need be computed only once.</summary>
    public bool TakesProjectedRows { get; set; }

    /// <summary>The frozen projection's weight, shape [d, H].</summary>
    public Tensor ProjectionWeight { get; }

    /// <summary>The frozen projection's bias, shape [H].</summary>
    public Tensor ProjectionBias { get; }

    /// <summary>All hidden weights in one tensor of shape [L, H, H], without gradient.</summary>
    public Tensor StackedWeights { get; }

    /// <summary>The weight of a hidden layer, shape [H, H], inputs first.</summary>
    public Tensor Weight(int layer) => _parameters[layer];

    /// <summary>The bias of a hidden layer, shape [H].</summary>
    public Tensor Bias(int layer) => _parameters[Shape.NumberOfHiddenLayers + layer];

    /// <summary>The shapes that a network of this form needs in a <see cref="ParameterStore"/>, in order.</summary>
    public static IEnumerable<long[]> ParameterShapes(NetworkShape shape) =>
        Enumerable.Repeat(new long[] { shape.NumberOfHiddenUnits, shape.NumberOfHiddenUnits }, shape.NumberOfHiddenLayers)
            .Concat(Enumerable.Repeat(new long[] { shape.NumberOfHiddenUnits }, shape.NumberOfHiddenLayers));

    /// <summary>x·P + p, shape [B, H], for features of shape [B, d].</summary>
    public Tensor Project(Tensor features) => addmm(ProjectionBias, features, ProjectionWeight, 1, 1);

    /// <summary>The last hidden vectors, shape [B, H].</summary>
    /// <param name="features">Shape [B, d], or [B, H] when they are projected already.</param>
    /// <param name="masks">Shape [L, B, H]: what each unit of a residual branch is multiplied by; null without dropout.</param>
    public Tensor Forward(Tensor features, Tensor? masks)
    {
        var hidden = TakesProjectedRows ? features : Project(features);
        for (var layer = 0; layer < Shape.NumberOfHiddenLayers; layer++)
        {
            var branch = addmm(Bias(layer), hidden, Weight(layer), 1, 1).relu();
            hidden = masks is null ? hidden.add(branch, HeldScalars.One) : hidden.addcmul(branch, masks.select(0, layer), HeldScalars.One);
        }
        return hidden;
    }
}
