using System.Globalization;

namespace MLNet.Sngp.Benchmarks.Comparison;

/// <summary>What a row of the table should reach.</summary>
/// <param name="Limit">The number.</param>
/// <param name="Kind">What the number bounds.</param>
internal sealed record Goal(double Limit, GoalKind Kind)
{
    public bool IsMet(double ours, double ratio) => Kind switch
    {
        GoalKind.AtLeastAsFast => ratio >= Limit,
        GoalKind.AtMostAsSlow => ratio <= Limit,
        _ => ours <= Limit,
    };

    public string ToString(string unit) => Kind switch
    {
        GoalKind.AtLeastAsFast => string.Create(CultureInfo.InvariantCulture, $"≥ {Limit}×"),
        GoalKind.AtMostAsSlow => string.Create(CultureInfo.InvariantCulture, $"≤ {Limit}×"),
        _ => string.Create(CultureInfo.InvariantCulture, $"≤ {Limit} {unit}"),
    };
}
