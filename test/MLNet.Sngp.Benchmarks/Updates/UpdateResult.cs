namespace MLNet.Sngp.Benchmarks.Updates;

/// <summary>Accuracy and mean variance of one model, or their means, on rows of the new region and elsewhere.</summary>
internal sealed record UpdateResult(
    string Table, string Model, double RegionAccuracy, double RegionVariance, double OtherAccuracy, double OtherVariance, double Seconds)
{
    public static UpdateResult Mean(IReadOnlyCollection<UpdateResult> all) => new(all.First().Table, all.First().Model,
        all.Average(result => result.RegionAccuracy), all.Average(result => result.RegionVariance),
        all.Average(result => result.OtherAccuracy), all.Average(result => result.OtherVariance), all.Average(result => result.Seconds));
}
