using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests;

/// <summary>Bad input gets an exception that names the column, row or option and what to do, before training starts.</summary>
[TestClass]
public class SngpTrainerBadInputTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow("Label", "Nowhere", "Features", "Nowhere")]
    [DataRow("Features", "Label", "Nowhere", "Nowhere")]
    [DataRow("a label that is no key", "Text", "Features", "MapValueToKey")]
    [DataRow("a key that is no UInt32", "ByteKey", "Features", "UInt32")]
    [DataRow("a scalar feature", "Label", "Single", "Concatenate")]
    [DataRow("doubles", "Label", "Doubles", "ConvertType")]
    [DataRow("vectors of any length", "Label", "Variable", "of known size")]
    [DataRow("a key as feature", "Label", "Label", "vector")]
    public void AColumnThatCannotBeUsedFailsInTheSchemaAsInFit(string _, string label, string features, string expected)
    {
        var trainer = _ml.Sngp().Multiclass(new SngpOptions { LabelColumnName = label, FeatureColumnName = features });
        var data = Kinds();
        var inFit = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(data));
        Assert.Contains(expected, inFit.Message);
        Assert.Contains($"'{(label == "Label" ? features : label)}'", inFit.Message);
        var inSchema = Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(Shape()));
        Assert.AreEqual(inFit.Message, inSchema.Message);
    }

    [TestMethod]
    [DataRow("Nowhere", "Nowhere")]
    [DataRow("Text", "ConvertType")]
    public void AWeightColumnThatCannotBeUsedFails(string weight, string expected)
    {
        var trainer = _ml.Sngp().Multiclass(new SngpOptions { ExampleWeightColumnName = weight });
        Assert.Contains(expected, Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.Fit(Kinds())).Message);
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => trainer.GetOutputSchema(Shape()));
    }

    [TestMethod]
    public void NoRows() => AssertFails([], "no rows");

    [TestMethod]
    public void OneClassOnly()
    {
        var rows = TwoClusters.Rows(10);
        foreach (var row in rows)
            row.Label = "low";
        AssertFails(rows, "same class", "'Label'");
    }

    [TestMethod]
    [DataRow(float.NaN)]
    [DataRow(float.PositiveInfinity)]
    public void AFeatureThatIsNotFinite(float value)
    {
        var rows = TwoClusters.Rows(10);
        rows[7].Features[1] = value;
        AssertFails(rows, "Row 7", "'Features'", "slot 1", "Remove such rows");
    }

    [TestMethod]
    [DataRow(-1f)]
    [DataRow(float.NaN)]
    public void AWeightThatIsNegativeOrNoNumber(float weight)
    {
        var rows = TwoClusters.Rows(10);
        rows[4].Weight = weight;
        var trainer = _ml.Sngp().Multiclass(new SngpOptions { ExampleWeightColumnName = "Weight" });
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => trainer.Fit(TwoClusters.Load(_ml, rows)));
        Assert.Contains("Row 4", error.Message);
        Assert.Contains("'Weight'", error.Message);
    }

    [TestMethod]
    public void NoRowHasALabel()
    {
        var data = _ml.Data.LoadFromEnumerable(TwoClusters.Rows(10));
        var keys = _ml.Data.LoadFromEnumerable(new[] { new { Label = "x" }, new { Label = "y" } });
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", keyData: keys).Fit(data).Transform(data);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Sngp().Multiclass().Fit(keyed));
        Assert.Contains("None of the 10 rows", error.Message);
        Assert.Contains("'Label'", error.Message);
    }

    [TestMethod]
    public void MoreClassesThanRows()
    {
        var data = _ml.Data.LoadFromEnumerable(TwoClusters.Rows(4));
        var keys = _ml.Data.LoadFromEnumerable(new[] { "low", "high", "a", "b", "c" }.Select(label => new { Label = label }));
        var keyed = _ml.Transforms.Conversion.MapValueToKey("Label", keyData: keys).Fit(data).Transform(data);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Sngp().Multiclass().Fit(keyed));
        Assert.Contains("5 classes", error.Message);
        Assert.Contains("4 rows", error.Message);
    }

    [TestMethod]
    public void AllOptionsOutOfRangeAreListedTogether()
    {
        var error = Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().Multiclass(new SngpOptions
        {
            FeatureColumnName = "Score",
            LabelColumnName = "",
            Backbone = new ResidualMlp { DropoutRate = 1 },
            GaussianProcess = { KernelScale = -2 },
            Training = { BatchSize = 0, LearningRate = double.NaN },
        }));
        foreach (
            var option in new[] { "BatchSize is 0", "DropoutRate is 1", "KernelScale is -2", "LearningRate is NaN", "FeatureColumnName",
            "LabelColumnName" })
            Assert.Contains(option, error.Message);
        Assert.Contains("6 of the options", error.Message);
    }

    [TestMethod]
    public void NullOptionsAndInputsAreRefused()
    {
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Sngp().Multiclass((SngpOptions)null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Sngp().Multiclass().Fit(null!));
        Assert.ThrowsExactly<ArgumentNullException>(() => _ml.Sngp().Multiclass().GetOutputSchema(null!));
    }

    private void AssertFails(TwoClusters.Row[] rows, params string[] expected)
    {
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Sngp().Multiclass().Fit(TwoClusters.Load(_ml, rows)));
        foreach (var part in expected)
            Assert.Contains(part, error.Message);
    }

    private IDataView Kinds()
    {
        var data = _ml.Data.LoadFromEnumerable(new[] { new KindsRow(), new KindsRow() });
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    /// <summary>The shape of <see cref="Kinds"/>; a custom mapping is the public way to one.</summary>
    private SchemaShape Shape() => _ml.Transforms.Conversion.MapValueToKey("Label").GetOutputSchema(
        _ml.Transforms.CustomMapping<Nothing, KindsRow>((_, _) => { }, null).GetOutputSchema(new SchemaShape([])));

    private sealed class Nothing
    {
    }

    private sealed class KindsRow
    {
        public string Label { get; set; } = "a";

        public string Text { get; set; } = "a";

        [KeyType(3)]
        public byte ByteKey { get; set; } = 1;

        public float Single { get; set; }

        [VectorType(2)]
        public double[] Doubles { get; set; } = [0, 0];

        [VectorType]
        public float[] Variable { get; set; } = [0];

        [VectorType(2)]
        public float[] Features { get; set; } = [0, 0];
    }
}
