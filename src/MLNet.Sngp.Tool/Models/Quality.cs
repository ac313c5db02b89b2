using Microsoft.ML;

namespace MLNet.Sngp.Tool.Models;

/// <summary>Measures scored rows with known labels.</summary>
internal static class Quality
{
    public static Dictionary<string, double> Measure(MLContext ml, IDataView scored, string label, bool isRegression) =>
        isRegression ? OfNumbers(ml, scored, label) : OfClasses(ml, scored, label);

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

    private static Dictionary<string, double> OfNumbers(MLContext ml, IDataView scored, string label)
    {
        var metrics = ml.Sngp().EvaluateIntervals(scored, label);
        return new()
        {
            ["rows"] = metrics.Count,
            ["RMSE"] = metrics.RootMeanSquaredError,
            ["negative log-likelihood"] = metrics.LogLoss,
            ["coverage"] = metrics.Coverage,
        };
    }

    private sealed class ClassName
    {
        public string Name { get; set; } = "";
    }
}
