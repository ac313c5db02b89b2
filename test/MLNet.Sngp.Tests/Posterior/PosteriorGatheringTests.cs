using MLNet.Sngp.Data;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Posterior;

/// <summary>When the rows are gathered: each mode against a plain restatement of it.</summary>
[TestClass]
public class PosteriorGatheringTests
{
    private const int Features = 3;

    [TestMethod]
    [DataRow(PosteriorCovariance.Shared)]
    [DataRow(PosteriorCovariance.PerClass)]
    public void TheLastEpochIsEveryEpochWithAReset(PosteriorCovariance covariance)
    {
        using var scope = NewDisposeScope();
        var options = Options(CovarianceGathering.LastEpoch);
        options.Posterior.Covariance = covariance;
        var actual = Gather(options);

        var (network, rows) = Setup(options);
        var posterior = new LaplacePosterior(options.GaussianProcess.NumberOfRandomFeatures, options.Posterior.RidgePenalty, CPU,
            (int)actual.Precision.shape[0]);
        network.StepObserver = (features, logits, weights) =>
            posterior.Add(features, weights, Curvature.Of(options.Posterior.Likelihood, options.Posterior.Covariance, logits));
        new TrainingLoop(network, options.Training, seed: 1).Run(rows, progress =>
        {
            if (progress.Epoch < options.Training.NumberOfEpochs)
                posterior.Reset();
        });
        Assert.IsTrue(allclose(posterior.Precision, actual.Precision, rtol: 0, atol: 1e-12));
    }

    [TestMethod]
    public void ALastEpochThatIsTheFirstIsGathered()
    {
        using var scope = NewDisposeScope();
        var options = Options(CovarianceGathering.LastEpoch);
        options.Training.NumberOfEpochs = 1;
        Assert.IsGreaterThan(
            2, Gather(options).Precision.diagonal(0, 1, 2).sum().item<double>() - options.GaussianProcess.NumberOfRandomFeatures);
    }

    [TestMethod]
    public void AfterTrainingThePosteriorIsThatOfTheFinalWeights()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var options = Options(CovarianceGathering.AfterTraining);
        var (network, rows) = Setup(options);
        var gathering = new PosteriorGathering(network, options);
        new TrainingLoop(network, options.Training, seed: 1).Run(rows, _ => { });
        gathering.AfterTraining(rows);
        var features = network.RandomFeatures(tensor(SourceRows.Features(rows)).view(-1, Features)).to(ScalarType.Float64);
        var expected = eye(options.GaussianProcess.NumberOfRandomFeatures, dtype: ScalarType.Float64).add(features.t().mm(features));
        Assert.IsTrue(allclose(gathering.Posterior.Precision[0], expected, rtol: 0, atol: 1e-10));
    }

    [TestMethod]
    public void MomentumWatchesEveryStep()
    {
        using var scope = NewDisposeScope();
        var options = Options(CovarianceGathering.Momentum);
        options.Posterior.CovarianceMomentum = 0.9;
        var (network, rows) = Setup(options);
        var expected =
            new LaplacePosterior(options.GaussianProcess.NumberOfRandomFeatures, options.Posterior.RidgePenalty, CPU, momentum: 0.9);
        var steps = 0;
        network.StepObserver = (features, _, weights) =>
        {
            steps++;
            expected.Add(features, weights);
        };
        new TrainingLoop(network, options.Training, seed: 1).Run(rows, _ => { });
        Assert.AreEqual(3 * 4, steps);
        Assert.IsTrue(allclose(expected.Precision, Gather(options).Precision, rtol: 0, atol: 1e-12));
    }

    private static LaplacePosterior Gather(SngpOptions options)
    {
        var (network, rows) = Setup(options);
        var gathering = new PosteriorGathering(network, options);
        gathering.BeforeEpoch(1);
        new TrainingLoop(network, options.Training, seed: 1).Run(rows, progress => gathering.BeforeEpoch(progress.Epoch + 1));
        gathering.AfterTraining(rows);
        return gathering.Posterior;
    }

    private static SngpOptions Options(CovarianceGathering gathering) => new()
    {
        Backbone = new ResidualMlp { DropoutRate = 0.3 },
        GaussianProcess = { NumberOfRandomFeatures = 20 },
        Posterior = { CovarianceGathering = gathering },
        Training = { NumberOfEpochs = 3, BatchSize = 10, LearningRate = 0.05 },
    };

    private static (MLNet.Sngp.Training.Network Network, TrainingTable Rows) Setup(SngpOptions options)
    {
        var table = new TrainingTable(Features, hasWeights: false, 35);
        var random = new SeededRandom(4, RandomPurpose.RowOrder);
        for (var row = 0; row < 35; row++)
        {
            foreach (ref var value in table.NextRow())
                value = (float)random.NextGaussian();
            table.Keep(row % 3, 1);
        }
        return (TestNetwork.Create(Features, 2, 8, 3, options, 1, 2), table);
    }
}
