using MLNet.Sngp.Data;
using MLNet.Sngp.Modules;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Training;

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
        options.Covariance = covariance;
        var actual = Gather(options);

        var (network, rows) = Setup(options);
        var posterior = new LaplacePosterior(options.NumberOfRandomFeatures, options.RidgePenalty, CPU, (int)actual.Precision.shape[0]);
        network.StepObserver = (features, logits, weights) => posterior.Add(features, weights, LikelihoodWeights.Of(options.Likelihood, options.Covariance, logits));
        new TrainingLoop(network, options, seed: 1).Run(rows, progress =>
        {
            if (progress.Epoch < options.NumberOfEpochs)
                posterior.Reset();
        });
        Assert.IsTrue(allclose(posterior.Precision, actual.Precision, rtol: 0, atol: 1e-12));
    }

    [TestMethod]
    public void ALastEpochThatIsTheFirstIsGathered()
    {
        using var scope = NewDisposeScope();
        var options = Options(CovarianceGathering.LastEpoch);
        options.NumberOfEpochs = 1;
        Assert.IsGreaterThan(2, Gather(options).Precision.diagonal(0, 1, 2).sum().item<double>() - options.NumberOfRandomFeatures);
    }

    [TestMethod]
    public void AfterTrainingThePosteriorIsThatOfTheFinalWeights()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var options = Options(CovarianceGathering.AfterTraining);
        var (network, rows) = Setup(options);
        var gathering = new PosteriorGathering(network, options);
        new TrainingLoop(network, options, seed: 1).Run(rows, _ => { });
        gathering.AfterTraining(rows);
        var features = network.RandomFeatures(tensor(SourceRows.Features(rows)).view(-1, Features)).to(ScalarType.Float64);
        var expected = eye(options.NumberOfRandomFeatures, dtype: ScalarType.Float64).add(features.t().mm(features));
        Assert.IsTrue(allclose(gathering.Posterior.Precision[0], expected, rtol: 0, atol: 1e-10));
    }

    [TestMethod]
    public void MomentumWatchesEveryStep()
    {
        using var scope = NewDisposeScope();
        var options = Options(CovarianceGathering.Momentum);
        options.CovarianceMomentum = 0.9;
        var (network, rows) = Setup(options);
        var expected = new LaplacePosterior(options.NumberOfRandomFeatures, options.RidgePenalty, CPU, momentum: 0.9);
        var steps = 0;
        network.StepObserver = (features, _, weights) =>
        {
            steps++;
            expected.Add(features, weights);
        };
        new TrainingLoop(network, options, seed: 1).Run(rows, _ => { });
        Assert.AreEqual(3 * 4, steps);
        Assert.IsTrue(allclose(expected.Precision, Gather(options).Precision, rtol: 0, atol: 1e-12));
    }

    private static LaplacePosterior Gather(SngpTrainer.Options options)
    {
        var (network, rows) = Setup(options);
        var gathering = new PosteriorGathering(network, options);
        new TrainingLoop(network, options, seed: 1).Run(rows, progress => gathering.BeforeEpoch(progress.Epoch + 1));
        gathering.AfterTraining(rows);
        return gathering.Posterior;
    }

    private static SngpTrainer.Options Options(CovarianceGathering gathering) => new()
    {
        NumberOfEpochs = 3,
        BatchSize = 10,
        NumberOfRandomFeatures = 20,
        DropoutRate = 0.3,
        LearningRate = 0.05,
        CovarianceGathering = gathering,
    };

    private static (SngpNetwork Network, TrainingTable Rows) Setup(SngpTrainer.Options options)
    {
        var table = new TrainingTable(Features, 3, hasWeights: false, 35);
        var random = new SeededRandom(4, RandomPurpose.RowOrder);
        for (var row = 0; row < 35; row++)
        {
            foreach (ref var value in table.NextRow())
                value = (float)random.NextGaussian();
            table.Keep(row % 3, 1);
        }
        return (new SngpNetwork(new NetworkShape(Features, 2, 8, 3), options, 1, CPU, _ => 2), table);
    }
}
