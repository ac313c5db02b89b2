namespace MLNet.Sngp.Data;

/// <summary>Mean and standard deviation of the labels of rows, each counting with its weight.</summary>
internal static class LabelMoments
{
    /// <param name="rows">The rows; at least one has a weight above 0.</param>
    /// <param name="throwIfCancelled">Is called for each batch.</param>
    public static (double Mean, double Deviation) Of(RowSource rows, Action throwIfCancelled)
    {
        using var pass = rows.InOrder();
        var batch = new RowBatch(rows, RowBatch.RowsFor(rows.NumberOfFeatures));
        var (weight, mean, squares) = (0.0, 0.0, 0.0);
        for (int read; (read = pass.Read(batch)) > 0;)
        {
            throwIfCancelled();
            for (var row = 0; row < read; row++)
            {
                double own = batch.Weights?[row] ?? 1;
                if (own == 0)
                    continue;
                // West 1979: squares of large numbers would lose what is looked for.
                weight += own;
                var difference = batch.Labels[row] - mean;
                mean += own / weight * difference;
                squares += own * difference * (batch.Labels[row] - mean);
            }
        }
        return (mean, Math.Sqrt(squares / weight));
    }
}
