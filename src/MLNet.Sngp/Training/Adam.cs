using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>
/// Adam over all parameters at once, in Keras' form: αₜ = lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ), w ← w − αₜ·m/(√v + ε).
/// </summary>
/// <remarks>Kingma and Ba 2015, the form before section 2.1; torch.optim.Adam differs in where ε enters.</remarks>
internal sealed class Adam : Optimizer
{
    private const double FirstDecay = 0.9;
    private const double SecondDecay = 0.999;
    private static readonly Scalar FirstKept = FirstDecay.ToScalar();
    private static readonly Scalar FirstTaken = (1 - FirstDecay).ToScalar();
    private static readonly Scalar SecondKept = SecondDecay.ToScalar();
    private static readonly Scalar SecondTaken = (1 - SecondDecay).ToScalar();
    private static readonly Scalar Epsilon = 1e-7.ToScalar();
    private readonly ParameterStore _parameters;
    private readonly double _learningRate;
    private readonly Tensor _firstMoment;
    private readonly Tensor _secondMoment;
    private readonly Tensor _denominator;

    /// <remarks>The tensors belong to the dispose scope of the caller.</remarks>
    public Adam(ParameterStore parameters, double learningRate)
    {
        _parameters = parameters;
        _learningRate = learningRate;
        _firstMoment = zeros_like(parameters.Values);
        _secondMoment = zeros_like(parameters.Values);
        _denominator = zeros_like(parameters.Values);
    }

    public override IEnumerable<(string Name, Tensor Tensor)> State =>
        [("adam.first_moment", _firstMoment), ("adam.second_moment", _secondMoment)];

    public override void Update(double share = 1)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Step++;
        var gradients = _parameters.Gradients;
        var rate = share * _learningRate * Math.Sqrt(1 - Math.Pow(SecondDecay, Step)) / (1 - Math.Pow(FirstDecay, Step));
        using var change = (-rate).ToScalar();
        _firstMoment.mul_(FirstKept).add_(gradients, FirstTaken);
        _secondMoment.mul_(SecondKept).addcmul_(gradients, gradients, SecondTaken);
        _denominator.copy_(_secondMoment).sqrt_().add_(Epsilon, HeldScalars.One);
        _parameters.Values.addcdiv_(_firstMoment, _denominator, change);
    }
}
