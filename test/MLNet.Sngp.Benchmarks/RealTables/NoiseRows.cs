namespace MLNet.Sngp.Benchmarks.RealTables;

/// <summary>Rows like none of a table: each feature on its own, mean of the training rows + their deviation × U(−10, 10).</summary>
internal static class NoiseRows
{
    private const int Count = 500;

    public static float[][] Create(float[][] train, int seed)
    {
        Random random = new(seed);
        double[] mean = [.. Enumerable.Range(0, train[0].Length).Select(j => train.Average(row => row[j]))];
        double[] deviation = [.. mean.Select((m, j) => Math.Sqrt(train.Average(row => Math.Pow(row[j] - m, 2))))];
        return [.. Enumerable.Range(0, Count).Select(_ =>
            mean.Select((m, j) => (float)(m + deviation[j] * (20 * random.NextDouble() - 10))).ToArray())];
    }
}
