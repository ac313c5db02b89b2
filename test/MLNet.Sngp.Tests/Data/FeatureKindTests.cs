using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Contracts;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Data;

/// <summary>Dense and sparse feature vectors are the same rows, in training and in scoring.</summary>
[TestClass]
public class FeatureKindTests
{
    private const int Width = 12;
    private readonly MLContext _ml = new(1);

    [TestMethod]
    public void DenseAndSparseVectorsTrainTheSameModel()
    {
        using var dense = Train(Data(Dense));
        using var sparse = Train(Data(Sparse));
        using var mixed = Train(Data(row => row % 3 == 0 ? Sparse(row) : Dense(row)));
        AssertSame(Scores(dense, Data(Dense)), Scores(sparse, Data(Dense)));
        AssertSame(Scores(dense, Data(Dense)), Scores(mixed, Data(Dense)));
    }

    [TestMethod]
    public void DenseAndSparseVectorsGetTheSameScores()
    {
        using var model = Train(Data(Dense));
        CollectionAssert.AreEqual(Scores(model, Data(Dense)), Scores(model, Data(Sparse)));
        CollectionAssert.AreEqual(Scores(model, Data(Dense)), Scores(model, Data(row => row % 3 == 0 ? Sparse(row) : Dense(row))));
        TransformerContract.Check(model, Data(Sparse), 90);
    }

    [TestMethod]
    public void SparseVectorsOfAnEncoderAreLearnt()
    {
        var data = _ml.Data.LoadFromEnumerable(Enumerable.Range(0, 90)
            .Select(row => new WordRow { Word = "word " + row % Width, Label = Label(row) }));
        var options = TwoClusters.QuickOptions(epochs: 40);
        options.Training.LearningRate = 0.01;
        var pipeline = _ml.Transforms.Categorical.OneHotEncoding("Words", "Word")
            .Append(_ml.Transforms.Concatenate("Features", "Words"))
            .Append(_ml.Transforms.Conversion.MapValueToKey("Label"))
            .Append(_ml.Sngp().Multiclass(options));
        using var model = pipeline.Fit(data);
        Assert.AreEqual(1.0, _ml.MulticlassClassification.Evaluate(model.Transform(data)).MicroAccuracy);
    }

    [TestMethod]
    public void AVectorOfAnotherSizeThanTheTypeSaysIsAnError()
    {
        var data = Data(row => row == 5 ? new VBuffer<float>(3, [1, 2, 3]) : Dense(row));
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => Train(data));
        Assert.Contains("Row 5", error.Message);
        Assert.Contains("3 features", error.Message);
    }

    private SngpTransformer Train(IDataView data)
    {
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
        return _ml.Sngp().Multiclass(TwoClusters.QuickOptions()).Fit(keyed);
    }

    private static string[] Scores(SngpTransformer model, IDataView data)
    {
        var scored = model.Transform(data);
        return [.. DataViewReader.Rows(scored, [scored.Schema["Score"], scored.Schema["Variance"]])];
    }

    // libtorch may add in another order from one training to the next.
    private static void AssertSame(string[] expected, string[] actual)
    {
        Assert.HasCount(expected.Length, actual);
        for (var row = 0; row < expected.Length; row++)
            TransformerContract.AssertSame(Numbers(expected[row]), Numbers(actual[row]), "Score");
    }

    private static string Numbers(string row) => row[(row.IndexOf(':', StringComparison.Ordinal) + 1)..].Replace("; ", ",",
        StringComparison.Ordinal).Replace("]", "", StringComparison.Ordinal).Replace("[", "", StringComparison.Ordinal);

    private IDataView Data(Func<int, VBuffer<float>> features) => _ml.Data.LoadFromEnumerable(
        Enumerable.Range(0, 90).Select(row => new Row { Features = features(row), Label = Label(row) }), Definition());

    private static SchemaDefinition Definition()
    {
        var definition = SchemaDefinition.Create(typeof(Row));
        definition[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, Width);
        return definition;
    }

    private static string Label(int row) => row % Width % 2 == 0 ? "even" : "odd";

    private static VBuffer<float> Sparse(int row) =>
        new(Width, 2, [1f, -0.5f], row % Width < 11 ? [row % Width, 11] : [0, 11]);

    private static VBuffer<float> Dense(int row) => new(Width, [.. Sparse(row).DenseValues()]);

    private sealed class Row
    {
        public VBuffer<float> Features { get; set; }

        public string Label { get; set; } = "";
    }

    private sealed class WordRow
    {
        public string Word { get; set; } = "";

        public string Label { get; set; } = "";
    }
}
