namespace MLNet.Sngp.Benchmarks.Works;

/// <summary>The outcome of a work: its figure and, where there are more, those by name.</summary>
internal sealed record Figure(double Value, string Unit, IReadOnlyDictionary<string, double>? Details = null);
