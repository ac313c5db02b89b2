using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Tool.Models;

/// <summary>Measures scored rows with known labels.</summary>
internal static class Quality
{
    public static Dictionary<string, double> Measure(MLContext ml, IDataView scored, string label, bool isRegression) =>
        isRegression ? OfNumbers(scored, label) : OfClasses(ml, scored, label);

    /// <summary>Makes keys of the labels' texts, numbered as the model's classes are.</summary>
    public static IDataView WithKeys(MLContext ml, IDataView rows, string label, IReadOnlyList<string> classes)
    {
        var values = ml.Data.LoadFromEnumerable(classes.Select(name => new ClassName { Name = name }));
        return ml.Transforms.Conversion.MapValueToKey(label, keyData: values).Fit(rows).Transform(rows);
    }

    private static Dictionary<string, double> OfClasses(MLContext ml, IDataView scored, string label)
    {
        var metrics = ml.Sngp().Evaluate(scored, label);
        return new()
        {
            ["rows"] = metrics.Count,
            ["accuracy"] = metrics.Accuracy,
            ["log-loss"] = metrics.LogLoss,
            ["expected calibration error"] = metrics.ExpectedCalibrationError,
            ["rows of unknown class"] = metrics.SkippedRowCount,
        };
    }

    private static Dictionary<string, double> OfNumbers(IDataView scored, string label)
    {
        var labels = Column(label);
        var (means, variances, noises) = (Column("Score"), Column("Variance"), Column("NoiseVariance"));
        var (lower, upper) = (Column("Lower"), Column("Upper"));
        double squares = 0, likelihood = 0, inside = 0;
        for (var i = 0; i < labels.Length; i++)
        {
            double error = labels[i] - means[i], variance = variances[i] + noises[i];
            squares += error * error;
            likelihood += (Math.Log(2 * Math.PI * variance) + (error * error / variance)) / 2;
            inside += labels[i] >= lower[i] && labels[i] <= upper[i] ? 1 : 0;
        }
        return new()
        {
            ["rows"] = labels.Length,
            ["RMSE"] = Math.Sqrt(squares / labels.Length),
            ["negative log-likelihood"] = likelihood / labels.Length,
            ["coverage"] = inside / labels.Length,
        };

        float[] Column(string name) => [.. scored.GetColumn<float>(name)];
    }

    private sealed class ClassName
    {
        public string Name { get; set; } = "";
    }
}
