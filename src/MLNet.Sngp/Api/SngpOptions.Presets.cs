namespace MLNet.Sngp;

public sealed partial class SngpOptions
{
    /// <summary>
    /// New options as the TensorFlow tutorial "Uncertainty-aware Deep Learning with SNGP" sets them: learning rate 1e-4, kernel scale 1,
    /// bound 0.9, posterior gathered in the last epoch with ridge 1, λ = π/8.
    /// </summary>
    /// <remarks>Right for the tutorial's two features in [−3.5, 3.5] alone: on wider tables a kernel scale of 1 gives chance accuracy.
    /// Differs from the defaults in <see cref="TrainingOptions.LearningRate"/>, <see cref="GaussianProcessOptions.KernelScale"/> and
    /// <see cref="PosteriorOptions.CovarianceGathering"/>.</remarks>
    public static SngpOptions Tutorial() => new()
    {
        Backbone = new ResidualMlp { NumberOfHiddenLayers = 6, NumberOfHiddenUnits = 128, NormalizeFeatures = false },
        GaussianProcess = { KernelScale = 1, NormalizeGpInput = GpInputNormalization.None },
        Posterior = { CovarianceGathering = CovarianceGathering.LastEpoch, FarRowFactor = 0 },
        Training = { NumberOfEpochs = 100, BatchSize = 128, LearningRate = 1e-4, LearningRateSchedule = LearningRateSchedule.Constant },
    };

    /// <summary>New options for the baseline of the other methods: one network with a dense output layer and without spectral
    /// bound.</summary>
    /// <remarks>Its uncertainty depends on the distance from the decision boundary alone, so it is sure of its class far from all training
    /// data. It has no <c>Variance</c>.</remarks>
    public static SngpOptions Deterministic() => new()
    {
        Backbone = new ResidualMlp { SpectralNormBound = null },
        Head = NetworkHead.Dense,
    };

    /// <summary>New options for Monte Carlo dropout: the network of <see cref="Deterministic"/>, which keeps dropping when it
    /// scores.</summary>
    /// <remarks>Gal and Ghahramani, "Dropout as a Bayesian Approximation", arXiv 1506.02142.</remarks>
    /// <param name="numberOfDropoutPasses">P, the number of thinned networks that score each row; from 1. The default, 10, is the
    /// tutorial's.</param>
    public static SngpOptions MonteCarloDropout(int numberOfDropoutPasses = 10)
    {
        var options = Deterministic();
        options.NumberOfDropoutPasses = numberOfDropoutPasses;
        return options;
    }

    /// <summary>New options for a deep ensemble: several networks of <see cref="Deterministic"/> that differ by their seed.</summary>
    /// <remarks>Lakshminarayanan, Pritzel and Blundell, "Simple and Scalable Predictive Uncertainty Estimation using Deep Ensembles", arXiv
    /// 1612.01474.</remarks>
    /// <param name="numberOfMembers">M, the number of networks; from 1. The default, 10, is the tutorial's.</param>
    public static SngpOptions DeepEnsemble(int numberOfMembers = 10)
    {
        var options = Deterministic();
        options.NumberOfMembers = numberOfMembers;
        return options;
    }

    /// <summary>New options for an ensemble of SNGPs: aware of the distance as one, and less dependent on the seed.</summary>
    /// <remarks>Liu et al., "A Simple Approach to Improve Single-Model Deep Uncertainty via Distance-Awareness", arXiv 2205.00403. An
    /// automatic kernel scale is chosen for each member.</remarks>
    /// <param name="numberOfMembers">M, the number of SNGPs; from 1.</param>
    public static SngpOptions SngpEnsemble(int numberOfMembers = 10) => new() { NumberOfMembers = numberOfMembers };

    /// <summary>New options for CIFAR-10 after uncertainty-baselines: WRN-28-10 with bounded convolutions, 250 epochs of stochastic
    /// gradient
    /// descent.</summary>
    /// <remarks>
    /// <para><c>baselines/cifar/sngp.py</c>; random features of standard deviation 0.05 without scaling, mean-field factor 20. Rows are
    /// images of 3 by 32 by 32. Hours on a processor for each epoch: meant for a GPU; <see cref="WideResNet"/> by itself is small.</para>
    /// <para>Differs from its source in what <c>docs/names.md</c> lists: dropout of values instead of channels, for one.</para>
    /// </remarks>
    public static SngpOptions WideResNetCifar10() => WideResNetCifar(learningRate: 0.08, meanFieldFactor: 20);

    /// <summary>New options for CIFAR-100 after uncertainty-baselines: those of <see cref="WideResNetCifar10"/> with learning rate 0.04 and
    /// mean-field factor 7.5.</summary>
    public static SngpOptions WideResNetCifar100() => WideResNetCifar(learningRate: 0.04, meanFieldFactor: 7.5);

    private static SngpOptions WideResNetCifar(double learningRate, double meanFieldFactor) => new()
    {
        Backbone = new WideResNet { Depth = 28, WidenFactor = 10, DropoutRate = 0.1, PoolsEveryGroup = false },
        GaussianProcess = { KernelScale = 20, ScaleRandomFeatures = false, NormalizeGpInput = GpInputNormalization.None },
        Posterior = { MeanFieldFactor = meanFieldFactor, FarRowFactor = 0 },
        Training =
        {
            NumberOfEpochs = 250,
            BatchSize = 256,
            Optimizer = TrainingOptimizer.NesterovMomentum,
            LearningRate = learningRate,
            LearningRateSchedule = LearningRateSchedule.StepDecay,
            WarmUpEpochs = 1,
            WeightDecay = 3e-4,
            RandomCropPadding = 4,
            RandomHorizontalFlip = true,
        },
    };
}
