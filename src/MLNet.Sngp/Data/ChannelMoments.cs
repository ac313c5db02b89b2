namespace MLNet.Sngp.Data;

/// <summary>Mean and standard deviation of the pixels of each channel, over a table of images.</summary>
/// <param name="Mean">Of each channel.</param>
/// <param name="Deviation">Of each channel; 1 where all its pixels are alike.</param>
internal sealed record ChannelMoments(double[] Mean, double[] Deviation)
{
    private const double Constant = 1e-6;

    // Its inverse must be a number in single precision.
    private const double SmallestDeviation = 1e-30;

    /// <param name="rows">The training rows; each counts with its weight.</param>
    /// <param name="shape">Where the channels' pixels are in a row.</param>
    /// <param name="throwIfCancelled">Is called for each batch.</param>
    public static ChannelMoments Of(RowSource rows, ImageShape shape, Action throwIfCancelled)
    {
        var channels = (int)shape.Channels;
        double[] first = new double[channels], sums = new double[channels], squares = new double[channels];
        using var pass = rows.InOrder();
        var batch = new RowBatch(rows, RowBatch.RowsFor(rows.NumberOfFeatures));
        var (count, isFirst) = (0.0, true);
        for (int read; (read = pass.Read(batch)) > 0;)
        {
            throwIfCancelled();
            for (var row = 0; row < read; row++)
            {
                var features = batch.FeaturesOf(row);
                double weight = batch.Weights?[row] ?? 1;
                count += weight * shape.Pixels;
                for (var channel = 0; channel < channels; channel++)
                {
                    var (start, stride) = shape.Places(channel);
                    if (isFirst)
                        first[channel] = features[start];
                    var (sum, square) = Sums(features[start..], stride, shape.Pixels, first[channel]);
                    sums[channel] += weight * sum;
                    squares[channel] += weight * square;
                }
                isFirst = false;
            }
        }
        double[] mean = [.. first.Select((value, i) => value + (sums[i] / count))];
        return new(mean, [.. mean.Select((value, i) =>
        {
            var deviation = Math.Sqrt(Math.Max(0, (squares[i] / count) - Math.Pow(sums[i] / count, 2)));
            return deviation <= Constant * Math.Abs(value) || deviation < SmallestDeviation ? 1 : deviation;
        })]);
    }

    // Differences from one pixel: squares of large numbers would lose what is looked for.
    private static (double Sum, double Square) Sums(ReadOnlySpan<float> values, int stride, int count, double first)
    {
        var (sum, square) = (0.0, 0.0);
        for (var i = 0; i < count; i++)
        {
            var difference = values[i * stride] - first;
            sum += difference;
            square += difference * difference;
        }
        return (sum, square);
    }
}
