using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>Stochastic gradient descent with Nesterov's momentum μ = 0.9: v ← μ·v − η·g, w ← w + μ·v − η·g.</summary>
/// <remarks>Sutskever et al. 2013, in Keras' form: the learning rate of a step is in the velocity, where torch.optim.SGD keeps it
/// outside.</remarks>
internal sealed class NesterovMomentum : Optimizer
{
    private static readonly Scalar Momentum = 0.9.ToScalar();
    private readonly ParameterStore _parameters;
    private readonly double _learningRate;
    private readonly Tensor _velocity;

    /// <remarks>The tensors belong to the dispose scope of the caller.</remarks>
    public NesterovMomentum(ParameterStore parameters, double learningRate)
    {
        _parameters = parameters;
        _learningRate = learningRate;
        _velocity = zeros_like(parameters.Values);
    }

    public override IEnumerable<(string Name, Tensor Tensor)> State => [("nesterov.velocity", _velocity)];

    public override void Update(double share = 1)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Step++;
        using var change = (-share * _learningRate).ToScalar();
        _velocity.mul_(Momentum).add_(_parameters.Gradients, change);
        _parameters.Values.add_(_velocity, Momentum).add_(_parameters.Gradients, change);
    }
}
