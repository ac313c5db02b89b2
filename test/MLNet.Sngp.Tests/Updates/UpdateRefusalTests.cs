using Microsoft.ML;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Updates;

/// <summary>What Update and Merge refuse, with the remedy, and what they keep.</summary>
[TestClass]
public class UpdateRefusalTests
{
    private static readonly UpdateCase Some = new(LearningTask.Multiclass);

    private static SngpCatalog Catalog => Some.Context.Sngp();

    [TestMethod]
    public void AModelThatKeepsNothingIsRefused()
    {
        var other = new UpdateCase(LearningTask.Multiclass, options => options.Posterior.Updatable = false);
        Says<ArgumentException>("Posterior.Updatable = true", () => Catalog.Update(other.Model, other.New()));
        Says<ArgumentException>("Posterior.Updatable = true", () => Catalog.Merge([Some.Model, other.Model]));
        Says<ArgumentException>("Give one at least", () => Catalog.Merge([]));
    }

    [TestMethod]
    public void AnotherNetworkIsRefused()
    {
        var other = new UpdateCase(LearningTask.Multiclass, options => options.Seed = 2);
        Says<ArgumentException>("Model 1 (counted from 0) has other frozen layers", () => Catalog.Merge([Some.Model, other.Model]));
    }

    [TestMethod]
    public void ANewClassIsNamed()
    {
        var rows = TwoClusters.Rows(20);
        rows[3].Label = "between";
        Says<ArgumentException>("not trained on: between", () => Catalog.Update(Some.Model, TwoClusters.Load(Some.Context, rows)));
        Says<ArgumentException>("in another order", () => Catalog.Update(
            Some.Model, TwoClusters.Load(Some.Context, TwoClusters.Rows(20).Skip(1))));
        Says<InvalidOperationException>("train again with rows of it", () => Catalog.Update(Some.Model, Some.Keys([rows[3]])));
    }

    [TestMethod]
    public void RowsThatCannotBeUsedAreNamed()
    {
        Says<ArgumentOutOfRangeException>("feature column", () => Catalog.Update(
            Some.Model, Some.Context.Transforms.DropColumns("Features").Fit(Some.New()).Transform(Some.New())));
        Says<InvalidOperationException>("new rows is empty", () => Some.Update(Some.Model, []));
        var wide = Some.Context.Transforms.Concatenate("Features", "Features", "Weight").Fit(Some.New()).Transform(Some.New());
        Says<ArgumentOutOfRangeException>("has 3 elements and the model was trained on 2", () => Catalog.Update(Some.Model, wide));
        var rows = TwoClusters.Rows(20);
        rows[7].Features[1] = float.NaN;
        Says<InvalidOperationException>("Row 7", () => Catalog.Update(Some.Model, Some.Keys(rows)));
    }

    [TestMethod]
    public void RowsThatWouldCountTwiceAreRefusedOrWarnedOf()
    {
        var (once, other) = (Some.Update(Some.Model, [1, 2, 3]), Some.Update(Some.Model, [4, 5]));
        Says<ArgumentException>("Models 0 and 2", () => Catalog.Merge([once, other, Some.Update(once, [4])]));
        Says<ArgumentException>("Models 0 and 1", () => Catalog.Merge([once, once]));
        var warnings = new List<string>();
        Some.Context.Log += (_, message) => warnings.Add(message.Message);
        Some.Update(once, [4]);
        Assert.IsEmpty(warnings.Where(message => message.Contains("count twice", StringComparison.Ordinal)));
        Some.Update(once, [1, 2, 3]);
        Assert.HasCount(1, warnings.Where(message => message.Contains("count twice", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void ACancelledUpdateStops()
    {
        using var source = new CancellationTokenSource();
        source.Cancel();
        Assert.ThrowsExactly<OperationCanceledException>(() => Catalog.Update(Some.Model, Some.New(), source.Token));
        Assert.ThrowsExactly<OperationCanceledException>(() => Catalog.Merge([Some.Model], source.Token));
    }

    [TestMethod]
    public void ACalibratedModelStaysCalibrated()
    {
        var calibrated = Catalog.Calibrate(temperature: 2, meanFieldFactor: 0.5).Fit(Some.Model.Transform(Some.New()));
        var updated = Catalog.Update(calibrated, Some.New());
        Assert.AreEqual(2, updated.Temperature);
        Assert.AreEqual(0.5f, updated.MeanFieldFactor);
        Assert.AreEqual(0.5f, Catalog.Merge([calibrated, Some.Update(Some.Model)]).MeanFieldFactor);
    }

    [TestMethod]
    public void AModelWithAFittedColumnIsRefused()
    {
        var watching = Catalog.Novelty(0.1).Fit(Some.Model.Transform(Some.New()));
        Says<ArgumentException>("Give the model before that step", () => Catalog.Update(watching, Some.New()));
    }

    [TestMethod]
    [DataRow("NumberOfMembers")]
    [DataRow("NumberOfDropoutPasses")]
    [DataRow("HeteroscedasticNoise")]
    [DataRow("Covariance")]
    [DataRow("Likelihood")]
    [DataRow("CovarianceGathering")]
    [DataRow("Head")]
    public void OptionsThatCannotBeUpdatedAreRefusedBeforeTraining(string option)
    {
        var options = new SngpOptions { Posterior = { Updatable = true } };
        switch (option)
        {
            case "NumberOfMembers": options.NumberOfMembers = 2; break;
            case "NumberOfDropoutPasses": options.NumberOfDropoutPasses = 2; break;
            case "HeteroscedasticNoise": options.HeteroscedasticNoise = true; break;
            case "Covariance": options.Posterior.Covariance = PosteriorCovariance.PerClass; break;
            case "Likelihood": options.Posterior.Likelihood = GaussianProcessLikelihood.Poisson; break;
            case "CovarianceGathering": options.Posterior.CovarianceGathering = CovarianceGathering.LastEpoch; break;
            default: options.Head = NetworkHead.Dense; break;
        }
        Says<ArgumentException>("Updatable is True with " + option, () => option == "HeteroscedasticNoise"
            ? Catalog.Regression(options)
            : Catalog.Multiclass(options));
    }

    [TestMethod]
    [DataRow(LearningTask.Multiclass)]
    [DataRow(LearningTask.Regression)]
    public void ASavedModelIsUpdatedToTheSameBytes(LearningTask task)
    {
        var some = new UpdateCase(task);
        using var folder = new TemporaryFolder();
        var (onnx, zip) = (Path.Combine(folder.Path, "model.onnx"), Path.Combine(folder.Path, "model.zip"));
        some.Model.SaveAsOnnx(onnx);
        some.Context.Model.Save(some.Model, some.Training.Schema, zip);
        var expected = some.Update(some.Model);
        foreach (var model in new[] { some.Context.Sngp().LoadOnnx(onnx), (SngpTransformer)some.Context.Sngp().Load(zip, out _) })
            Assert.IsTrue(expected.Model.Onnx.Span.SequenceEqual(some.Update(model).Model.Onnx.Span));
    }

    [TestMethod]
    public void WhatIsKeptIsNoPartOfAPipelinesFile()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("pipeline.onnx");
        var features = Some.Context.Transforms.NormalizeMeanVariance("Features", fixZero: false).Fit(Some.Training);
        features.Append(Some.Update(Some.Model)).SaveAsOnnx(Some.Context, Some.Training, path);
        Assert.DoesNotContain(tensor => OnnxGraph.IsKept(tensor.Name.Split('/', 2)[^1]) || OnnxGraph.IsKept(tensor.Name),
            ModelGraphReader.Parse(File.ReadAllBytes(path)).Graph.Initializer);
    }

    [TestMethod]
    public void WhatIsKeptIsOfTheStatedSize()
    {
        var plain = new UpdateCase(LearningTask.Multiclass, options => options.Posterior.Updatable = false).Model.Model.Onnx.Length;
        const double square = 64 * 64;
        Assert.AreEqual(4 * square, Some.Model.Model.Onnx.Length - plain, 2000);
        Assert.AreEqual(8 * square, Some.Update(Some.Model).Model.Onnx.Length - plain, 8000);
    }

    private static void Says<TException>(string part, Func<object> act)
        where TException : Exception => Assert.Contains(part, Assert.ThrowsExactly<TException>(act).Message);
}
