using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>A training step of any network, by automatic differentiation.</summary>
internal sealed class AutogradStep(Network network) : TrainingStep
{
    public override double Run(Tensor features, Tensor labels, Tensor? weights)
    {
        using var scope = NewDisposeScope();
        using var gradient = enable_grad();
        network.Train();
        network.Parameters.Gradients.zero_();
        var (outputs, random) = network.Forward(features);
        if (network.StepObserver is { } observe && random is not null)
            observe(random.detach(), outputs.detach(), weights);
        var losses = network.Likelihood.Loss(outputs, labels);
        var loss = (weights is null ? losses : losses.mul(weights)).mean();
        if (network.Head.Penalty() is { } penalty)
            loss = loss.add(penalty, HeldScalars.One);
        loss.backward();
        return loss.item<float>();
    }
}
