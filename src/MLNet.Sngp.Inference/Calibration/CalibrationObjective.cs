namespace MLNet.Sngp.Calibration;

/// <summary>
/// What a calibration makes least: Σᵢ −ln p(yᵢ) + (ln T)²/(2s²) + (ln(λ/λ₀))²/(2s²), a maximum a posteriori estimate of T and λ.
/// </summary>
/// <remarks>
/// On rows that the model separates, the likelihood alone runs to T → 0, and on rows near the training data it says next to nothing about
/// λ. Either would take far rows to certainty, so both have a weak log-normal prior: T around 1, λ around the model's own value. Each
/// weighs as much as a handful of rows and is nothing beside some hundred that the model does not separate.
/// </remarks>
internal sealed class CalibrationObjective
{
    /// <summary>s for T: 95 % of the prior lies between 1/e and e.</summary>
    public const double TemperatureDeviation = 0.5;

    /// <summary>s for λ: 95 % of the prior lies between λ₀/e² and λ₀·e².</summary>
    public const double FactorDeviation = 1;

    public const double MinimumTemperature = 0.1, MaximumTemperature = 100;

    /// <summary>λ is looked for between λ₀ divided and multiplied by this.</summary>
    public const double LargestFactorChange = 1000;

    private readonly GraphProbabilities _graph;
    private readonly IReadOnlyList<int> _labels;

    public CalibrationObjective(GraphProbabilities graph, IReadOnlyList<int> labels, double? centralFactor)
    {
        _graph = graph;
        _labels = labels;
        CentralFactor = centralFactor;
    }

    /// <summary>λ₀; null for a method without λ.</summary>
    public double? CentralFactor { get; }

    public double At(double temperature, double? meanFieldFactor)
    {
        var value = Square(Math.Log(temperature) / TemperatureDeviation) / 2;
        if (meanFieldFactor is > 0 and { } factor && CentralFactor is { } centre)
            value += Square(Math.Log(factor / centre) / FactorDeviation) / 2;
        var probabilities = _graph.Compute(temperature, meanFieldFactor);
        for (var i = 0; i < _labels.Count; i++)
            value -= Math.Log(Math.Max(probabilities[i * _graph.NumberOfClasses + _labels[i]], UncertaintyMetrics.LogLossEpsilon));
        return value;
    }

    private static double Square(double value) => value * value;
}
