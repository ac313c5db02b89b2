using Microsoft.ML;
using MLNet.Sngp.Tests.Support;
using TorchSharp;

namespace MLNet.Sngp.Tests.Checkpoints;

/// <summary>A training that was interrupted ends with the bytes of one that was not.</summary>
[TestClass]
public class ResumeTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DynamicData(nameof(Methods.All), typeof(Methods))]
    public void EveryMethodGoesOnWhereItStopped(string method) => AssertResumes(method, _ => { });

    [TestMethod]
    [DataRow(CovarianceGathering.LastEpoch, 1)]
    [DataRow(CovarianceGathering.LastEpoch, 4)]
    [DataRow(CovarianceGathering.Momentum, 2)]
    public void SoDoesEveryWayOfGathering(CovarianceGathering gathering, int afterReports) => AssertResumes("Sngp", options =>
    {
        var sngp = (SngpOptions)options;
        sngp.Posterior.CovarianceGathering = gathering;
        sngp.Posterior.CovarianceMomentum = gathering == CovarianceGathering.Momentum ? 0.99 : null;
        sngp.Posterior.Covariance = PosteriorCovariance.PerClass;
    }, afterReports);

    [TestMethod]
    public void SoDoesATrainingWithAllThatTheNetworkCanHold() => AssertResumes("Sngp", options =>
    {
        var sngp = (SngpOptions)options;
        sngp.GaussianProcess.NormalizeGpInput = GpInputNormalization.LayerNorm;
        sngp.GaussianProcess.OrthogonalRandomFeatures = true;
        ((ResidualMlp)sngp.Backbone).NumberOfPowerIterations = 2;
        sngp.ExampleWeightColumnName = "Weight";
    });

    [TestMethod]
    [DataRow("Sngp")]
    [DataRow("DeepEnsemble")]
    public void SoDoesATrainingThatIsValidated(string method) => AssertResumes(method, options =>
    {
        options.Training.ValidationFraction = 0.3;
        options.Training.Patience = 2;
        options.Training.LearningRate = 0.05;
        options.Training.NumberOfEpochs = 8;
    });

    [TestMethod]
    [DynamicData(nameof(Methods.All), typeof(Methods))]
    public void SoDoesATrainingOnAStream(string method) => AssertResumes(method, options =>
    {
        options.Training.MaximumRowsInMemory = 20;
        options.Training.ValidationFraction = 0.3;
    });

    [TestMethod]
    public void WithoutASeedTheFirstOneDrawnIsKept()
    {
        using var folder = new TemporaryFolder();
        var data = Data();
        ModelBytes.WithOneThread(() =>
        {
            var expected = ModelBytes.Of(Methods.Create(new MLContext(7), "SngpEnsemble", options => options.Seed = null).Fit(data));
            ModelBytes.Interrupt(
                options => Configure(options, folder), configure => Methods.Create(new MLContext(7), "SngpEnsemble", configure), data, 4);
            // This context would draw another seed.
            CollectionAssert.AreEqual(
                expected, ModelBytes.Of(Methods.Create(new MLContext(8), "SngpEnsemble", options => Configure(options, folder)).Fit(data)));
        });

        static void Configure(SngpOptions options, TemporaryFolder folder)
        {
            options.Seed = null;
            options.Training.CheckpointPath = folder.File("state");
        }
    }

    [TestMethod]
    public void AFinishedTrainingIsNotRepeated()
    {
        using var folder = new TemporaryFolder();
        var reports = new List<TrainingProgress>();
        var trainer = Methods.Create(_ml, "SngpEnsemble", options =>
        {
            options.Training.CheckpointPath = folder.File("state");
            options.Training.Progress = new Reporter(reports.Add);
        });
        ModelBytes.WithOneThread(() =>
        {
            var first = ModelBytes.Of(trainer.Fit(Data()));
            Assert.HasCount(9, reports);
            var table = folder.Files()[0].Split('.')[1];
            Assert.HasCount(16, table);
            CollectionAssert.AreEqual(new[] { $"state.{table}.1", $"state.{table}.2", $"state.{table}.3" }, folder.Files());
            CollectionAssert.AreEqual(first, ModelBytes.Of(trainer.Fit(Data())));
            Assert.HasCount(9, reports);
        });
    }

    [TestMethod]
    [DataRow(CovarianceGathering.LastEpoch)]
    [DataRow(CovarianceGathering.Momentum)]
    public void ItsPosteriorIsKeptWhereItWasGatheredWhileTraining(CovarianceGathering gathering)
    {
        using var folder = new TemporaryFolder();
        var trainer = Methods.Create(_ml, "Sngp", options =>
        {
            ((SngpOptions)options).Posterior.CovarianceGathering = gathering;
            ((SngpOptions)options).Posterior.CovarianceMomentum = gathering == CovarianceGathering.Momentum ? 0.9 : null;
            options.Training.CheckpointPath = folder.File("state");
        });
        ModelBytes.WithOneThread(() => CollectionAssert.AreEqual(ModelBytes.Of(trainer.Fit(Data())), ModelBytes.Of(trainer.Fit(Data()))));
    }

    [TestMethod]
    public void ABinaryTrainerGoesOnToo()
    {
        using var folder = new TemporaryFolder();
        var data = TwoClasses.Load(_ml, 60);
        var options = TwoClusters.QuickOptions(epochs: 4);
        (options.Training.ValidationFraction, options.Training.LearningRateSchedule) = (0.2, LearningRateSchedule.Constant);
        ModelBytes.WithOneThread(() =>
        {
            var expected = ModelBytes.Of(_ml.Sngp().Binary(options).Fit(data));
            options.Training.CheckpointPath = folder.File("state");
            options.Training.NumberOfEpochs = 2;
            _ = ModelBytes.Of(_ml.Sngp().Binary(options).Fit(data));
            options.Training.NumberOfEpochs = 4;
            CollectionAssert.AreEqual(expected, ModelBytes.Of(_ml.Sngp().Binary(options).Fit(data)));
            using var validated = _ml.Sngp().Binary(TwoClusters.QuickOptions()).Fit(data, TwoClasses.Load(_ml, 30, seed: 2));
            Assert.IsTrue(validated.Model.Options.ContainsKey("BestEpoch"));
        });
    }

    [TestMethod]
    public void FinishedMembersOfAnEnsembleAreNotTrainedAgain()
    {
        using var folder = new TemporaryFolder();
        var reports = new List<TrainingProgress>();
        _ = ModelBytes.Of(
            Methods.Create(_ml, "DeepEnsemble", options => options.Training.CheckpointPath = folder.File("state")).Fit(Data()));
        File.Delete(Directory.GetFiles(folder.Path, "state.*.2").Single());
        _ = ModelBytes.Of(Methods.Create(_ml, "DeepEnsemble", options =>
        {
            options.Training.CheckpointPath = folder.File("state");
            options.Training.Progress = new Reporter(reports.Add);
        }).Fit(Data()));
        Assert.HasCount(3, reports);
    }

    [TestMethod]
    public void ATrainingCanGoOnForMoreEpochs()
    {
        using var folder = new TemporaryFolder();
        var reports = new List<TrainingProgress>();
        ModelBytes.WithOneThread(() =>
        {
            var expected = ModelBytes.Of(Methods.Create(_ml, "Sngp", options =>
                (options.Training.NumberOfEpochs, options.Training.LearningRateSchedule) = (5, LearningRateSchedule.Constant)).Fit(Data()));
            _ = ModelBytes.Of(
                Methods.Create(_ml, "Sngp", options => (options.Training.CheckpointPath, options.Training.LearningRateSchedule)
                = (folder.File("state"), LearningRateSchedule.Constant)).Fit(Data()));
            var longer = Methods.Create(_ml, "Sngp", options =>
            {
                (options.Training.NumberOfEpochs, options.Training.LearningRateSchedule) = (5, LearningRateSchedule.Constant);
                options.Training.CheckpointPath = folder.File("state");
                options.Training.Progress = new Reporter(reports.Add);
            });
            CollectionAssert.AreEqual(expected, ModelBytes.Of(longer.Fit(Data())));
            CollectionAssert.AreEqual(new[] { 4, 5 }, reports.Select(report => report.Epoch).ToArray());
            Assert.AreEqual(20L, reports[^1].Step);
        });
    }

    [TestMethod]
    public void CheckpointsAreWrittenAsOftenAsAskedAndAtTheEnd()
    {
        using var folder = new TemporaryFolder();
        var written = new List<bool>();
        var trainer = Methods.Create(_ml, "Deterministic", options =>
        {
            options.Training.NumberOfEpochs = 5;
            options.Training.CheckpointPath = folder.File("state");
            options.Training.CheckpointEvery = 2;
            options.Training.Progress = new Reporter(_ =>
            {
                written.Add(folder.Files().Count > 0);
                if (written[^1])
                    File.Delete(folder.OnlyFile());
            });
        });
        _ = ModelBytes.Of(trainer.Fit(Data()));
        CollectionAssert.AreEqual(new[] { false, true, false, true, true }, written);
    }

    [TestMethod]
    public void NoTensorIsLeftWhicheverWayItEnds()
    {
        using var folder = new TemporaryFolder();
        var before = DisposeScopeManager.Statistics.ThreadTotalLiveCount;
        void Configure(SngpOptions options)
        {
            options.Training.CheckpointPath = folder.File("state");
            options.Training.ValidationFraction = 0.2;
        }
        ModelBytes.Interrupt(Configure, configure => Methods.Create(_ml, "Sngp", configure), Data(), 2);
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        _ = ModelBytes.Of(Methods.Create(_ml, "Sngp", Configure).Fit(Data()));
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
        Assert.ThrowsExactly<InvalidOperationException>(
            () => Methods.Create(_ml, "Sngp", options => { Configure(options); options.Seed = 2; }).Fit(Data()));
        Assert.AreEqual(before, DisposeScopeManager.Statistics.ThreadTotalLiveCount);
    }

    private void AssertResumes(string method, Action<SngpOptions> configure, int afterReports = 2)
    {
        using var folder = new TemporaryFolder();
        void WithCheckpoint(SngpOptions options)
        {
            options.Training.NumberOfEpochs = 5;
            configure(options);
            options.Training.CheckpointPath = folder.File("state");
        }
        IEstimator<SngpTransformer> Create(Action<SngpOptions> configureAll) => Methods.Create(_ml, method, configureAll);
        var data = Data();
        ModelBytes.WithOneThread(() =>
        {
            var expected = ModelBytes.Of(Create(options => { WithCheckpoint(options); options.Training.CheckpointPath = null; }).Fit(data));
            ModelBytes.Interrupt(WithCheckpoint, Create, data, afterReports);
            Assert.IsNotEmpty(folder.Files());
            CollectionAssert.AreEqual(expected, ModelBytes.Of(Create(WithCheckpoint).Fit(data)));
            Assert.IsFalse(folder.Files().Exists(file => file.EndsWith(".tmp", StringComparison.Ordinal)));
        });
    }

    private IDataView Data()
    {
        var rows = TwoClusters.Rows(50);
        for (var i = 0; i < rows.Length; i++)
            rows[i].Weight = 0.5f + i % 3;
        return TwoClusters.Load(_ml, rows);
    }
}
