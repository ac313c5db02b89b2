using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Data;

/// <summary>Features that are not centred and scaled are warned of when a training starts.</summary>
[TestClass]
public class FeatureSpreadTests
{
    private const int Rows = 60;
    private readonly MLContext _ml = new(seed: 1);
    private readonly List<string> _warnings = [];

    public FeatureSpreadTests() => _ml.Log += (_, line) =>
    {
        if (line.Kind == ChannelMessageKind.Warning)
            _warnings.Add(line.Message);
    };

    [TestMethod]
    [DataRow(null)]
    [DataRow(20)]
    public void ValuesFarFromZeroAreWarnedOfWithTheirNames(int? maximumRowsInMemory)
    {
        Fit(row => new Row { Height = 300 + row % 2, Width = row % 3 - 1 }, normalize: false, maximumRowsInMemory);
        var warning = _warnings.Single();
        Assert.Contains(
            "1 of the 2 features in column 'Features' are not centred or not scaled: slot 0 ('Height') has the mean 300.5 and the standard "
            + "deviation 0.5.", warning);
        Assert.Contains("NormalizeMeanVariance(\"Features\", fixZero: false)", warning);
    }

    [TestMethod]
    public void LargeValuesAreWarnedOf()
    {
        Fit(row => new Row { Height = 1000 * (row % 2 - 0.5f), Width = row % 3 - 1 }, normalize: false);
        Assert.Contains("slot 0 ('Height') has the mean 0 and the standard deviation 500.", _warnings.Single());
    }

    [TestMethod]
    public void TheRemedyWorks()
    {
        Fit(row => new Row { Height = 300 + row % 2, Width = 1000 * (row % 3) }, normalize: true);
        Assert.IsEmpty(_warnings);
    }

    [TestMethod]
    public void IndicatorsAndConstantsAreNotComplainedOf()
    {
        Fit(row => new Row { Height = row == 0 ? 0 : 1, Width = row % 2 }, normalize: false);
        Fit(row => new Row { Height = 1, Width = row % 2 }, normalize: false);
        Assert.IsEmpty(_warnings);
    }

    private void Fit(Func<int, Row> create, bool normalize, int? maximumRowsInMemory = null)
    {
        var rows = Enumerable.Range(0, Rows).Select(row =>
        {
            var made = create(row);
            made.Label = row % 2 == 0 ? "even" : "odd";
            return made;
        });
        IEstimator<ITransformer> pipeline = _ml.Transforms.Conversion.MapValueToKey("Label")
            .Append(_ml.Transforms.Concatenate("Features", "Height", "Width"));
        if (normalize)
            pipeline = pipeline.Append(_ml.Transforms.NormalizeMeanVariance("Features", fixZero: false));
        pipeline.Append(Methods.Create(_ml, "Deterministic", options =>
        {
            options.Training.MaximumRowsInMemory = maximumRowsInMemory;
            ((ResidualMlp)options.Backbone).NormalizeFeatures = false;
        })).Fit(_ml.Data.LoadFromEnumerable(rows.ToList()));
    }

    private sealed class Row
    {
        public float Height { get; set; }

        public float Width { get; set; }

        public string Label { get; set; } = "";
    }
}
