namespace MLNet.Sngp.Benchmarks.Comparison;

/// <summary>A row of the table: our run, the run beside it, and what should come of it.</summary>
/// <param name="Title">In the table.</param>
/// <param name="Ours">Our run.</param>
/// <param name="Other">The run to compare with; null when its program is absent.</param>
/// <param name="Goal">Null where there is none.</param>
internal sealed record RatioRow(string Title, Run Ours, Run? Other, Goal? Goal);
