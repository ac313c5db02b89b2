using MLNet.Sngp.Evaluation;

namespace MLNet.Sngp.Calibration;

/// <summary>Chooses T and λ of a model for validation rows.</summary>
internal static class Calibrator
{
    private const int NumberOfBins = 15;

    /// <param name="model">The model.</param>
    /// <param name="rows">The validation rows.</param>
    /// <param name="temperature">T when it is held fixed; null to fit it.</param>
    /// <param name="meanFieldFactor">λ when it is held fixed; null to fit it where the model has one.</param>
    public static (UncertaintyModel Model, CalibrationReport Report) Calibrate(
        UncertaintyModel model, ValidationRows rows, double? temperature, double? meanFieldFactor)
    {
        using var graph = new GraphProbabilities(model, rows);
        double? centre = model.MeanFieldFactor switch
        {
            null => null,
            > 0 and var own => own,
            _ => MeanField.PiOver8,
        };
        var (bestTemperature, bestFactor) = Fit(new CalibrationObjective(graph, rows.Labels, centre), temperature, meanFieldFactor);
        // What the model will compute with is single precision.
        var calibrated = model.With((float)bestTemperature, (float?)bestFactor);
        var before = Measure(graph, rows, model);
        var after = Measure(graph, rows, calibrated);
        return (calibrated, new CalibrationReport
        {
            Temperature = bestTemperature,
            MeanFieldFactor = bestFactor,
            LogLossBefore = before.LogLoss,
            LogLossAfter = after.LogLoss,
            ExpectedCalibrationErrorBefore = before.ExpectedCalibrationError,
            ExpectedCalibrationErrorAfter = after.ExpectedCalibrationError,
            NumberOfRows = rows.Count,
            SkippedRowCount = rows.SkippedRowCount,
            UnscoredRowCount = rows.UnscoredRowCount,
        });
    }

    private static (double Temperature, double? MeanFieldFactor) Fit(
        CalibrationObjective objective, double? temperature, double? meanFieldFactor)
    {
        var fitsTemperature = temperature is null;
        var fitsFactor = meanFieldFactor is null && objective.CentralFactor is not null;
        var centre = objective.CentralFactor ?? 1;
        var bounds = new List<(double, double)>();
        if (fitsTemperature)
            bounds.Add((Math.Log(CalibrationObjective.MinimumTemperature), Math.Log(CalibrationObjective.MaximumTemperature)));
        if (fitsFactor)
            bounds.Add(
                (Math.Log(centre / CalibrationObjective.LargestFactorChange), Math.Log(centre * CalibrationObjective.LargestFactorChange)));
        if (bounds.Count == 0)
            return (temperature!.Value, meanFieldFactor);

        double[] start = [.. fitsTemperature ? [0.0] : Array.Empty<double>(), .. fitsFactor ? [Math.Log(centre)] : Array.Empty<double>()];
        var best = NelderMead.Minimize(point => objective.At(TemperatureOf(point), FactorOf(point)), start, [.. bounds]);
        return (TemperatureOf(best), FactorOf(best));

        double TemperatureOf(double[] point) => temperature ?? Math.Exp(point[0]);

        double? FactorOf(double[] point) => fitsFactor ? Math.Exp(point[^1]) : meanFieldFactor;
    }

    private static UncertaintyMetrics Measure(GraphProbabilities graph, ValidationRows rows, UncertaintyModel model)
    {
        var probabilities = graph.Compute(model.Temperature!.Value, model.MeanFieldFactor);
        var scored = new ScoredRows(graph.NumberOfClasses);
        for (var i = 0; i < rows.Count; i++)
            scored.Add(probabilities.AsSpan(i * graph.NumberOfClasses, graph.NumberOfClasses), rows.Labels[i]);
        return new UncertaintyMetrics(scored, NumberOfBins);
    }
}
