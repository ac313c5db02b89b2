using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Data;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Training;
using TorchSharp;

namespace MLNet.Sngp.Tests.Training;

[TestClass]
public class EnsembleTrainingTests
{
    private readonly SngpOptions _options = new() { Training = { Device = TrainingDevice.Cpu } };

    [TestMethod]
    public void MembersHaveSeedsOfTheirOwnThatTheEnsemblesSeedDecides()
    {
        var seeds = EnsembleTraining.MemberSeeds(7, 1000);
        Assert.AreEqual(7, seeds[0]);
        Assert.HasCount(1000, seeds.Distinct());
        CollectionAssert.AreEqual(seeds[..10], EnsembleTraining.MemberSeeds(7, 10));
        Assert.IsEmpty(seeds.Skip(1).Intersect(EnsembleTraining.MemberSeeds(8, 1000).Skip(1)));
    }

    [TestMethod]
    [DataRow(1)]
    [DataRow(3)]
    public void ModelsComeInTheOrderOfTheirMembers(int degree)
    {
        var models = Train(5, Input(), (_, data) => Named(data.Seed), degree);
        CollectionAssert.AreEqual(
            EnsembleTraining.MemberSeeds(1, 5).Select(seed => $"seed {seed}").ToArray(),
            models.Select(model => model.Values[0].Outputs).ToArray());
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void TheModelsDoNotDependOnHowManyTrainAtOnce(bool sngp)
    {
        var threads = torch.get_num_threads();
        torch.set_num_threads(1);
        try
        {
            var alone = TrainMembers(sngp, degree: 1);
            foreach (var degree in new[] { 2, 4 })
                CollectionAssert.AreEqual(alone, TrainMembers(sngp, degree));
            Assert.AreEqual(1, torch.get_num_threads());
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    [TestMethod]
    public void SeveralMembersTrainAtOnce()
    {
        using var all = new Barrier(3);
        Train(3, Input(), (_, data) =>
        {
            Assert.IsTrue(all.SignalAndWait(TimeSpan.FromSeconds(30)));
            return Named(data.Seed);
        }, degree: 3);
    }

    [TestMethod]
    public void TheFailureOfOneMemberStopsTheOthersAndIsTheOneThatIsThrown()
    {
        var seeds = EnsembleTraining.MemberSeeds(1, 2);
        using var waiting = new ManualResetEventSlim();
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Train(2, Input(), (options, data) =>
        {
            if (data.Seed == seeds[1])
            {
                Assert.IsTrue(waiting.Wait(TimeSpan.FromSeconds(30)));
                throw new InvalidOperationException("the loss became NaN");
            }
            waiting.Set();
            Assert.IsTrue(options.Training.CancellationToken.WaitHandle.WaitOne(TimeSpan.FromSeconds(30)));
            options.Training.CancellationToken.ThrowIfCancellationRequested();
            return Named(data.Seed);
        }, degree: 2));
        Assert.AreEqual("the loss became NaN", error.Message);
    }

    [TestMethod]
    public void CancellationStopsAllMembersAndCarriesTheUsersToken()
    {
        using var source = new CancellationTokenSource();
        _options.Training.CancellationToken = source.Token;
        var started = 0;
        var error = Assert.ThrowsExactly<OperationCanceledException>(() => Train(8, Input(), (options, data) =>
        {
            Interlocked.Increment(ref started);
            source.Cancel();
            options.Training.CancellationToken.ThrowIfCancellationRequested();
            return Named(data.Seed);
        }, degree: 2));
        Assert.AreEqual(source.Token, error.CancellationToken);
        Assert.IsLessThanOrEqualTo(2, started);
    }

    private static byte[] TrainMembers(bool sngp, int degree)
    {
        var host = ((IHostEnvironment)new MLContext(1)).Register("test");
        using var channel = host.Start("test");
        using var monitor = new TrainingMonitor(host, channel, "test", observer: null, numberOfMembers: 4);
        var table = new TrainingTable(2, hasWeights: false, 60);
        foreach (var row in TwoClusters.Rows(60))
        {
            row.Features.CopyTo(table.NextRow());
            table.Keep(row.Label == "low" ? 0 : 1, 1);
        }
        var options = TwoClusters.QuickOptions();
        (options.NumberOfMembers, options.Head) = (4, sngp ? NetworkHead.GaussianProcess : NetworkHead.Dense);
        var members = EnsembleTraining.Train(options, TestNetwork.Input(table, 2, seed: 3), (own, data) =>
            MemberTraining.Train(own, data, monitor, out _), degree);
        return [.. members.SelectMany(member => member.Graph.Graph.Proto.ToByteArray())];
    }

    private MemberGraph[] Train(int count, TrainingInput input, Func<SngpOptions, TrainingInput, MemberGraph> train, int degree)
    {
        _options.NumberOfMembers = count;
        return EnsembleTraining.Train(_options, input, train, degree);
    }

    private static TrainingInput Input() => TestNetwork.Input(new TrainingTable(2, hasWeights: false, 1), 3);

    private static MemberGraph Named(int seed) =>
        new(new OnnxGraphBuilder(new OnnxGraph("test")), [(FormattableString.Invariant($"seed {seed}"), null)]);
}
