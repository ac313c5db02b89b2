using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;
using TorchSharp;

namespace MLNet.Sngp.Tests.Contracts;

/// <summary>What holds for every method and task.</summary>
[TestClass]
public class MethodTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DynamicData(nameof(Methods.Tasks), typeof(Methods))]
    public void TheTransformerKeepsMLNetsContractAndItsOwnPromise(string method, LearningTask task)
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(60));
        var trainer = Methods.Create(_ml, method, task);
        using var model = trainer.Fit(data);
        Assert.AreEqual(method, model.Model.Method);
        TransformerContract.Check(model, data, 60);
        TransformerContract.CheckPromise(trainer.GetOutputSchema(Shape()), model.GetOutputSchema(data.Schema));
    }

    [TestMethod]
    [DynamicData(nameof(Methods.Tasks), typeof(Methods))]
    public void TheOnnxFileHasTheSameColumnsAndScoresAlike(string method, LearningTask task)
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(60));
        using var model = Methods.Create(_ml, method, task).Fit(data);
        var bytes = Bytes(model);
        OnnxRun.Keep(bytes, $"method-{method}-{task}");
        using var stream = new MemoryStream(bytes);
        using var loaded = _ml.Sngp().LoadOnnx(stream);
        var (expected, actual) = (model.Transform(data), loaded.Transform(data));
        CollectionAssert.AreEqual(DataViewReader.Describe(expected.Schema), DataViewReader.Describe(actual.Schema));
        var alone = OnnxRun.Run(bytes, data);
        foreach (var column in model.Model.Outputs.Where(column => column.Kind == ColumnKind.Single))
        {
            CollectionAssert.AreEqual(Values(expected, column.Name), Values(actual, column.Name), column.Name);
            AssertClose(Values(expected, column.Name), alone[column.Name]);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Methods.All), typeof(Methods))]
    public void AMulticlassModelNamesItsSlotsAndKeysAsTheClasses(string method)
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(60));
        using var model = Methods.Create(_ml, method).Fit(data);
        var described = string.Join('\n', DataViewReader.Describe(model.Transform(data).Schema));
        Assert.Contains("Score: Vector<Single, 2> SlotNames:Vector<String, 2>=[low,high]", described);
        Assert.Contains("Logits: Vector<Single, 2> SlotNames:Vector<String, 2>=[low,high]", described);
        Assert.Contains("PredictedLabel: Key<UInt32, 0-1> KeyValues:Vector<String, 2>=[low,high]", described);
    }

    [TestMethod]
    [DataRow("Sngp", "Variance")]
    [DataRow("Deterministic", "")]
    [DataRow("MonteCarloDropout", "EnsembleVariance")]
    [DataRow("DeepEnsemble", "EnsembleVariance")]
    [DataRow("SngpEnsemble", "Variance EnsembleVariance")]
    [DataRow("SngpMonteCarloDropout", "Variance EnsembleVariance")]
    public void AMethodHasTheVariancesThatItKnows(string method, string expected)
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(50));
        foreach (var task in new[] { LearningTask.Multiclass, LearningTask.Binary })
        {
            using var model = Methods.Create(_ml, method, task).Fit(data);
            var scored = model.Transform(data);
            string[] names = [.. scored.Schema.Where(column => !column.IsHidden).Select(column => column.Name)
                .Where(name => name.EndsWith("Variance", StringComparison.Ordinal))];
            Assert.AreEqual(expected, string.Join(' ', names));
            foreach (var name in names)
                Assert.IsTrue(scored.GetColumn<float>(name).All(variance => variance is > 0 and < 2), name);
        }
        using var regression = Methods.Create(_ml, method, LearningTask.Regression).Fit(data);
        var mean = regression.Transform(data).Schema.GetColumnOrNull("Variance") is not null;
        Assert.AreEqual(expected.Length > 0, mean, "The variance of the mean is posterior variance and spread of the members.");
    }

    [TestMethod]
    [DynamicData(nameof(Methods.Tasks), typeof(Methods))]
    public void AZipOfMLNetGivesTheSameScores(string method, LearningTask task)
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(30));
        using var model = Methods.Create(_ml, method, task).Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        var loaded = _ml.Sngp().Load(stream, out _);
        foreach (var column in model.Model.Outputs.Where(column => column.Kind == ColumnKind.Single))
            CollectionAssert.AreEqual(Values(model.Transform(data), column.Name), Values(loaded.Transform(data), column.Name), column.Name);
        (loaded as IDisposable)?.Dispose();
    }

    [TestMethod]
    [DynamicData(nameof(Methods.Tasks), typeof(Methods))]
    public void TheSameSeedGivesTheSameModelBytes(string method, LearningTask task)
    {
        var threads = torch.get_num_threads();
        torch.set_num_threads(1);
        try
        {
            var first = Train(method, task, seed: 5);
            CollectionAssert.AreEqual(first, Train(method, task, seed: 5));
            CollectionAssert.AreNotEqual(first, Train(method, task, seed: 6));
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    [TestMethod]
    [DynamicData(nameof(Methods.Others), typeof(Methods))]
    public void NoTensorIsLeftAfterFitOrFailureOrCancellation(string method)
    {
        var before = LiveTensors.Count;
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(50));
        using var model = Methods.Create(_ml, method).Fit(data);
        LiveTensors.AssertFreed(before, Methods.Options(method));

        before = LiveTensors.Count;
        var overflowing = TwoClusters.Rows(50);
        overflowing[0].Features = [float.MaxValue, float.MaxValue];
        Assert.ThrowsExactly<InvalidOperationException>(() => Methods.Create(
            _ml, method, options => ((ResidualMlp)options.Backbone).NormalizeFeatures = false).Fit(TwoClusters.Load(_ml, overflowing)));
        LiveTensors.AssertFreed(before, Methods.Options(method), isWhole: false);

        before = LiveTensors.Count;
        using var source = new CancellationTokenSource();
        var cancelled = Methods.Create(_ml, method, options =>
        {
            options.Training.NumberOfEpochs = 10_000;
            options.Training.CancellationToken = source.Token;
            options.Training.Progress = new Reporter(_ => source.Cancel());
        });
        Assert.ThrowsExactly<OperationCanceledException>(() => cancelled.Fit(data));
        LiveTensors.AssertFreed(before, Methods.Options(method), isWhole: false);
    }

    [TestMethod]
    [DynamicData(nameof(Methods.All), typeof(Methods))]
    public void ProgressAddsUpTheMembers(string method)
    {
        var reports = new List<TrainingProgress>();
        using var model = Methods.Create(_ml, method, options => options.Training.Progress = new Reporter(reports.Add))
            .Fit(TwoClusters.Load(_ml, TwoClusters.Rows(50)));
        var epochs = 3 * (method.Contains("Ensemble", StringComparison.Ordinal) ? Methods.NumberOfMembers : 1);
        CollectionAssert.AreEqual(Enumerable.Range(1, epochs).ToArray(), reports.Select(state => state.Epoch).ToArray());
        Assert.IsTrue(reports.All(
            state => state.NumberOfEpochs == epochs && state.NumberOfSteps == 4 * epochs && state.Step == 4 * state.Epoch
            && double.IsFinite(state.Loss)));
    }

    [TestMethod]
    public void AnEnsembleOfOneSngpIsThatSngp()
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(50));
        using var one = Methods.Create(_ml, "Sngp").Fit(data);
        using var ensemble = Methods.Create(_ml, "SngpEnsemble", options => options.NumberOfMembers = 1).Fit(data);
        var (expected, actual) = (one.Transform(data), ensemble.Transform(data));
        foreach (var column in new[] { "Score", "Logits" })
            CollectionAssert.AreEqual(Values(expected, column), Values(actual, column));
        CollectionAssert.AreEqual(expected.GetColumn<float>("Variance").ToArray(), actual.GetColumn<float>("Variance").ToArray());
        CollectionAssert.AreEqual(expected.GetColumn<uint>("PredictedLabel").ToArray(), actual.GetColumn<uint>("PredictedLabel").ToArray());
    }

    [TestMethod]
    public void AnEnsembleHasTheModesOfItsMembers()
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(50));
        var perClass = Methods.Create(_ml, "SngpEnsemble", options => options.Posterior.Covariance = PosteriorCovariance.PerClass);
        using var first = perClass.Fit(data);
        TransformerContract.Check(first, data, 50);
        TransformerContract.CheckPromise(perClass.GetOutputSchema(Shape()), first.GetOutputSchema(data.Schema));
        using var second = Methods.Create(_ml, "SngpEnsemble", options =>
        {
            options.Posterior.MeanFieldFactor = null;
            options.Posterior.PosteriorSamples = 10;
        }).Fit(data);
        TransformerContract.Check(second, data, 50);
    }

    [TestMethod]
    public void AnEnsembleTooLargeForAnOnnxFileIsRefusedBeforeTraining()
    {
        var trainer = Methods.Create(_ml, "SngpEnsemble", options =>
        {
            options.GaussianProcess.NumberOfRandomFeatures = 8192;
            options.NumberOfMembers = 10;
        });
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(TwoClusters.Load(_ml, TwoClusters.Rows(50))));
        Assert.Contains("NumberOfRandomFeatures", error.Message);
    }

    [TestMethod]
    public void MonteCarloDropoutWithoutDropoutIsRefused()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp()
            .Multiclass(new SngpOptions { NumberOfDropoutPasses = 0, Backbone = new ResidualMlp { DropoutRate = 0 } }));
        Assert.Contains("all passes are alike", error.Message);
        Assert.Contains("NumberOfDropoutPasses is 0", error.Message);
    }

    [TestMethod]
    public void NullAndOptionsOutOfRangeAreRefused()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Sngp().Multiclass((SngpOptions)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Sngp().Multiclass(SngpOptions.DeepEnsemble()).Fit(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Sngp().Multiclass(SngpOptions.SngpEnsemble()).GetOutputSchema(null!));
        Assert.Contains("NumberOfMembers is 0", Assert.ThrowsExactly<ArgumentException>(
            () => _ml.Sngp().Multiclass(SngpOptions.DeepEnsemble(0))).Message);
        Assert.Contains("NumberOfMembers is -1", Assert.ThrowsExactly<ArgumentException>(
            () => _ml.Sngp().Multiclass(SngpOptions.SngpEnsemble(-1))).Message);
    }

    private static void AssertClose(float[] expected, Array actual)
    {
        Assert.AreEqual(expected.Length, actual.Length);
        foreach (var (left, right) in expected.Zip((float[])actual))
            Assert.AreEqual(left, right, 1e-5f * Math.Max(1, Math.Abs(left)));
    }

    private byte[] Train(string method, LearningTask task, int seed)
    {
        using var model = Methods.Create(_ml, method, task, options => options.Seed = seed)
            .Fit(TwoClusters.Load(_ml, TwoClusters.Rows(50)));
        return Bytes(model);
    }

    private static byte[] Bytes(SngpTransformer model)
    {
        using var stream = new MemoryStream();
        model.SaveAsOnnx(stream);
        return stream.ToArray();
    }

    private static float[] Values(IDataView data, string column) => data.Schema[column].Type is VectorDataViewType
        ? [.. data.GetColumn<VBuffer<float>>(column).SelectMany(vector => vector.DenseValues())]
        : [.. data.GetColumn<float>(column)];

    private SchemaShape Shape() => _ml.Transforms.Conversion.MapValueToKey("Label").GetOutputSchema(
        _ml.Transforms.CustomMapping<Nothing, TwoClusters.Row>((_, _) => { }, null).GetOutputSchema(new SchemaShape([])));

    private sealed class Nothing;
}

