using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Checkpoints;

/// <summary>Trainings on different rows, such as the folds of a cross-validation, keep files of their own.</summary>
[TestClass]
public class CrossValidationTests
{
    private const int NumberOfFolds = 3;
    private readonly List<TrainingProgress> _reports = [];

    [TestMethod]
    [DataRow("Sngp", 1, null)]
    [DataRow("Sngp", null, 0.3)]
    [DataRow("DeepEnsemble", null, null)]
    public void AnInterruptedCrossValidationGoesOn(string method, int? seed, double? fraction)
    {
        using var folder = new TemporaryFolder();
        var epochs = 3 * NumberOfFolds * (method == "DeepEnsemble" ? Methods.NumberOfMembers : 1);
        ModelBytes.WithOneThread(() =>
        {
            using var source = new CancellationTokenSource();
            Assert.ThrowsExactly<OperationCanceledException>(
                () => Validate(7, options => options.Training.CancellationToken = source.Token, report =>
            {
                if (report.Epoch == 2 && _reports.Count > epochs / 2)
                    source.Cancel();
            }));
            Assert.IsLessThan(epochs, _reports.Count);
            var first = Validate(seed is null ? 8 : 7, _ => { });
            // An epoch that was not kept may be done again.
            Assert.IsInRange(epochs, epochs + 2, _reports.Count);
            // Another context draws other seeds, but the files know those of their trainings.
            AssertClose(first, Validate(9, _ => { }));
            Assert.IsInRange(epochs, epochs + 2, _reports.Count);
        });
        Assert.HasCount(epochs / 3, folder.Files());
        if (seed is null)
            return;
        ModelBytes.WithOneThread(() => AssertClose(Validate(7, _ => { }), Validate(7, options => options.Training.CheckpointPath = null)));

        double[] Validate(int contextSeed, Action<SngpOptions> configure, Action<TrainingProgress>? report = null)
        {
            var ml = new MLContext(contextSeed);
            var trainer = Methods.Create(ml, method, options =>
            {
                (options.Seed, options.Training.ValidationFraction, options.Training.CheckpointPath) =
                    (seed, fraction, folder.File("state"));
                options.Training.Progress = new Reporter(progress => { _reports.Add(progress); report?.Invoke(progress); });
                configure(options);
            });
            var results =
                ml.MulticlassClassification.CrossValidate(TwoClusters.Load(ml, TwoClusters.Rows(60)), trainer, NumberOfFolds, seed: 5);
            return [.. results.OrderBy(result => result.Fold).Select(result => result.Metrics.LogLoss)];
        }
    }

    [TestMethod]
    public void TablesOfTheSameLengthDoNotMeet()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        var rows = TwoClusters.Rows(50);
        var trainer = Methods.Create(ml, "Deterministic", options =>
        {
            options.Training.CheckpointPath = folder.File("state");
            options.Training.Progress = new Reporter(_reports.Add);
        });
        Fit();
        rows[49].Features[1] += 1e-6f;
        Fit();
        rows[48].Label = "high";
        Fit();
        Assert.HasCount(3, folder.Files());
        Assert.HasCount(9, _reports);
        Fit();
        Assert.HasCount(9, _reports);

        void Fit()
        {
            using var model = trainer.Fit(TwoClusters.Load(ml, rows));
        }
    }

    [TestMethod]
    public void ThePlaceOfATableDoesNotDependOnHowItIsRead()
    {
        using var folder = new TemporaryFolder();
        var ml = new MLContext(1);
        var data = TwoClusters.Load(ml, TwoClusters.Rows(50));
        var files = new HashSet<string>();
        foreach (var (fraction, maximum) in new (double?, int?)[] { (null, null), (0.3, null), (null, 20), (0.3, 20) })
        {
            using var model = Methods.Create(ml, "Deterministic", options =>
                (options.Training.CheckpointPath, options.Training.ValidationFraction, options.Training.MaximumRowsInMemory) =
                    (folder.File("state"), fraction, maximum)).Fit(data);
            files.Add(folder.OnlyFile());
            File.Delete(folder.OnlyFile());
        }
        Assert.HasCount(1, files);
    }

    // Another seed changes the second decimal.
    private static void AssertClose(double[] expected, double[] actual)
    {
        Assert.HasCount(NumberOfFolds, actual);
        for (var fold = 0; fold < NumberOfFolds; fold++)
            Assert.AreEqual(expected[fold], actual[fold], 1e-5);
    }
}
