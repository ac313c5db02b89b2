namespace MLNet.Sngp.Benchmarks.Comparison;

/// <summary>A work of one contender under one setting of threads; several rows of the table may share it.</summary>
internal sealed record Run(Contender Contender, ThreadSetting Setting, string Work)
{
    public override string ToString() => $"{Contender.Name}, {Work}, threads: {Setting.Name}";
}
