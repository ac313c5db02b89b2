namespace MLNet.Sngp;

/// <summary>What changes the weights by their gradients.</summary>
public enum TrainingOptimizer
{
    /// <summary>Adam with β₁ 0.9, β₂ 0.999 and ε 1e-7, in Keras' form: the tutorial's.</summary>
    Adam,

    /// <summary>Stochastic gradient descent with Nesterov's momentum, 0.9: the Wide ResNet's. Its learning rates are some twenty times as
    /// large as Adam's.</summary>
    NesterovMomentum,
}
