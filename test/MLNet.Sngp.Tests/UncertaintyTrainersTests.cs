using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Contracts;
using MLNet.Sngp.Tests.Support;
using TorchSharp;

namespace MLNet.Sngp.Tests;

/// <summary>What holds for the trainer of every method.</summary>
[TestClass]
public class UncertaintyTrainersTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DynamicData(nameof(Methods.All), typeof(Methods))]
    public void TheTransformerKeepsMLNetsContractAndItsOwnPromise(string method)
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(60));
        var trainer = Methods.Create(_ml, method);
        using var model = trainer.Fit(data);
        Assert.AreEqual(method, model.Model.Method);
        TransformerContract.Check(model, data, 60);
        TransformerContract.CheckPromise(trainer.GetOutputSchema(Shape()), model.GetOutputSchema(data.Schema));
    }

    [TestMethod]
    [DynamicData(nameof(Methods.All), typeof(Methods))]
    public void TheOnnxFileHasTheSlotNamesAndLabelsAndScoresAlike(string method)
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(60));
        using var model = Methods.Create(_ml, method).Fit(data);
        var bytes = Bytes(model);
        OnnxRun.Keep(bytes, "method-" + method);
        using var stream = new MemoryStream(bytes);
        using var loaded = _ml.Sngp().LoadOnnx(stream);
        var (expected, actual) = (model.Transform(data), loaded.Transform(data));
        CollectionAssert.AreEqual(DataViewReader.Describe(expected.Schema), DataViewReader.Describe(actual.Schema));
        var described = string.Join('\n', DataViewReader.Describe(actual.Schema));
        Assert.Contains("Score: Vector<Single, 2> SlotNames:Vector<String, 2>=[low,high]", described);
        Assert.Contains("Logits: Vector<Single, 2> SlotNames:Vector<String, 2>=[low,high]", described);
        Assert.Contains("PredictedLabel: Key<UInt32, 0-1> KeyValues:Vector<String, 2>=[low,high]", described);
        var alone = OnnxRun.Run(bytes, data);
        foreach (var column in new[] { "Score", "Logits" })
        {
            CollectionAssert.AreEqual(Vectors(expected, column), Vectors(actual, column));
            AssertClose(Vectors(expected, column), alone[column]);
        }
        CollectionAssert.AreEqual(expected.GetColumn<float>("Variance").ToArray(), actual.GetColumn<float>("Variance").ToArray());
        AssertClose([.. expected.GetColumn<float>("Variance")], alone["Variance"]);
    }

    [TestMethod]
    [DynamicData(nameof(Methods.All), typeof(Methods))]
    public void AZipOfMLNetGivesTheSameScores(string method)
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(30));
        using var model = Methods.Create(_ml, method).Fit(data);
        using var stream = new MemoryStream();
        _ml.Model.Save(model, data.Schema, stream);
        stream.Position = 0;
        var expected = Vectors(model.Transform(data), "Score");
        var actual = Vectors(_ml.Sngp().Load(stream, out _).Transform(data), "Score");
        CollectionAssert.AreEqual(expected, actual);
    }

    [TestMethod]
    [DynamicData(nameof(Methods.All), typeof(Methods))]
    public void TheSameSeedGivesTheSameModelBytes(string method)
    {
        var threads = torch.get_num_threads();
        torch.set_num_threads(1);
        try
        {
            var first = Train(method, seed: 5);
            CollectionAssert.AreEqual(first, Train(method, seed: 5));
            CollectionAssert.AreNotEqual(first, Train(method, seed: 6));
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
        var before = torch.Tensor.TotalCount;
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(50));
        using var model = Methods.Create(_ml, method).Fit(data);
        Assert.AreEqual(before, torch.Tensor.TotalCount);

        var overflowing = TwoClusters.Rows(50);
        overflowing[0].Features = [float.MaxValue, float.MaxValue];
        Assert.ThrowsExactly<InvalidOperationException>(() => Methods.Create(_ml, method).Fit(TwoClusters.Load(_ml, overflowing)));
        Assert.AreEqual(before, torch.Tensor.TotalCount);

        using var source = new CancellationTokenSource();
        var cancelled = Methods.Create(_ml, method, options =>
        {
            options.NumberOfEpochs = 10_000;
            options.CancellationToken = source.Token;
            options.Progress = new Reporter(_ => source.Cancel());
        });
        Assert.ThrowsExactly<OperationCanceledException>(() => cancelled.Fit(data));
        Assert.AreEqual(before, torch.Tensor.TotalCount);
    }

    [TestMethod]
    [DynamicData(nameof(Methods.All), typeof(Methods))]
    public void ProgressAddsUpTheMembers(string method)
    {
        var reports = new List<TrainingProgress>();
        using var model = Methods.Create(_ml, method, options => options.Progress = new Reporter(reports.Add)).Fit(TwoClusters.Load(_ml, TwoClusters.Rows(50)));
        var epochs = 3 * (method.EndsWith("Ensemble", StringComparison.Ordinal) ? Methods.NumberOfMembers : 1);
        CollectionAssert.AreEqual(Enumerable.Range(1, epochs).ToArray(), reports.Select(state => state.Epoch).ToArray());
        Assert.IsTrue(reports.All(state => state.NumberOfEpochs == epochs && state.NumberOfSteps == 4 * epochs && state.Step == 4 * state.Epoch && double.IsFinite(state.Loss)));
    }

    [TestMethod]
    public void VarianceIsZeroForOneNetworkAndOtherwisePositive()
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(50));
        foreach (var method in Methods.Others.Select(row => (string)row[0]))
        {
            using var model = Methods.Create(_ml, method).Fit(data);
            var variances = model.Transform(data).GetColumn<float>("Variance");
            Assert.IsTrue(variances.All(variance => method == "Deterministic" ? variance == 0 : variance is > 0 and < 1), method);
        }
    }

    [TestMethod]
    public void AnEnsembleOfOneSngpIsThatSngp()
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(50));
        using var one = Methods.Create(_ml, "Sngp").Fit(data);
        using var ensemble = Methods.Create(_ml, "SngpEnsemble", options => ((SngpEnsembleTrainer.Options)options).NumberOfMembers = 1).Fit(data);
        var (expected, actual) = (one.Transform(data), ensemble.Transform(data));
        foreach (var column in new[] { "Score", "Logits" })
            CollectionAssert.AreEqual(Vectors(expected, column), Vectors(actual, column));
        CollectionAssert.AreEqual(expected.GetColumn<float>("Variance").ToArray(), actual.GetColumn<float>("Variance").ToArray());
        CollectionAssert.AreEqual(expected.GetColumn<uint>("PredictedLabel").ToArray(), actual.GetColumn<uint>("PredictedLabel").ToArray());
    }

    [TestMethod]
    public void AnEnsembleHasTheModesOfItsMembers()
    {
        var data = TwoClusters.Load(_ml, TwoClusters.Rows(50));
        var perClass = Methods.Create(_ml, "SngpEnsemble", options => ((SngpTrainer.Options)options).Covariance = PosteriorCovariance.PerClass);
        using var first = perClass.Fit(data);
        TransformerContract.Check(first, data, 50);
        TransformerContract.CheckPromise(perClass.GetOutputSchema(Shape()), first.GetOutputSchema(data.Schema));
        using var second = Methods.Create(_ml, "SngpEnsemble", options =>
        {
            ((SngpTrainer.Options)options).MeanFieldFactor = null;
            ((SngpTrainer.Options)options).PosteriorSamples = 10;
        }).Fit(data);
        TransformerContract.Check(second, data, 50);
    }

    [TestMethod]
    public void AnEnsembleTooLargeForAnOnnxFileIsRefusedBeforeTraining()
    {
        var trainer = Methods.Create(_ml, "SngpEnsemble", options =>
        {
            ((SngpTrainer.Options)options).NumberOfRandomFeatures = 8192;
            ((SngpEnsembleTrainer.Options)options).NumberOfMembers = 10;
        });
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(TwoClusters.Load(_ml, TwoClusters.Rows(50))));
        Assert.Contains("NumberOfRandomFeatures", error.Message);
    }

    [TestMethod]
    public void MonteCarloDropoutWithoutDropoutIsRefused()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().MonteCarloDropout(new MonteCarloDropoutTrainer.Options { DropoutRate = 0, NumberOfPasses = 0 }));
        Assert.Contains("all passes are alike", error.Message);
        Assert.Contains("NumberOfPasses is 0", error.Message);
    }

    [TestMethod]
    public void NullAndOptionsOutOfRangeAreRefused()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Sngp().Deterministic((DeterministicTrainer.Options)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Sngp().DeepEnsemble().Fit(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Sngp().SngpEnsemble().GetOutputSchema(null!));
        Assert.Contains("NumberOfMembers is 0", Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().DeepEnsemble(numberOfMembers: 0)).Message);
        Assert.Contains("NumberOfMembers is -1", Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().SngpEnsemble(numberOfMembers: -1)).Message);
    }

    private static void AssertClose(float[] expected, Array actual)
    {
        Assert.AreEqual(expected.Length, actual.Length);
        foreach (var (left, right) in expected.Zip((float[])actual))
            Assert.AreEqual(left, right, 1e-5f);
    }

    private byte[] Train(string method, int seed)
    {
        using var model = Methods.Create(_ml, method, options => options.Seed = seed).Fit(TwoClusters.Load(_ml, TwoClusters.Rows(50)));
        return Bytes(model);
    }

    private static byte[] Bytes(SngpTransformer model)
    {
        using var stream = new MemoryStream();
        model.SaveAsOnnx(stream);
        return stream.ToArray();
    }

    private static float[] Vectors(IDataView data, string column) => [.. data.GetColumn<VBuffer<float>>(column).SelectMany(vector => vector.DenseValues())];

    private SchemaShape Shape() => _ml.Transforms.Conversion.MapValueToKey("Label").GetOutputSchema(
        _ml.Transforms.CustomMapping<Nothing, TwoClusters.Row>((_, _) => { }, null).GetOutputSchema(new SchemaShape([])));

    private sealed class Nothing;

}
