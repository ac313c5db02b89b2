namespace MLNet.Sngp.Data;

/// <summary>How each feature of a table is to be centred and scaled: x ↦ (x − Centre)·Scale.</summary>
/// <remarks>
/// <para>Centre is the mean. Scale is one over the standard deviation but for two kinds of columns:</para>
/// <para>Where most values are 0, the deviation is that of a column whose values are other than 0 in one row of twenty at least, so that a
/// rare category or word does not weigh more than all others: Scale = 1/(r·√(p(1 − p))), r the root mean square of the other values and p
/// their share, at least 0.05.</para>
/// <para>A column of one value says nothing of the classes, but another value in it is unlike all training rows: a change by its own
/// magnitude, or by 1 where it is 0, moves a row five times as far as two training rows lie apart, √(2d).</para>
/// </remarks>
internal sealed class FeatureMoments
{
    private const double SmallestShare = 0.05;
    private const double LargestSparseShare = 0.5;
    private const double Constant = 1e-6;
    // Its inverse must be a number in single precision.
    private const double SmallestUnit = 1e-30;

    private const double ConstantDistance = 5;

    private FeatureMoments(double[] centre, double[] scale, bool[] isConstant) =>
        (Centre, Scale, IsConstant) = (centre, scale, isConstant);

    /// <summary>Of each feature.</summary>
    public double[] Centre { get; }

    /// <summary>Of each feature; above 0.</summary>
    public double[] Scale { get; }

    /// <summary>Whether each feature has one value.</summary>
    public bool[] IsConstant { get; }

    /// <param name="rows">The training rows; each counts with its weight.</param>
    /// <param name="throwIfCancelled">Is called for each batch.</param>
    public static FeatureMoments Of(RowSource rows, Action throwIfCancelled)
    {
        var width = rows.NumberOfFeatures;
        double[] first = new double[width], sums = new double[width], squares = new double[width], raw = new double[width];
        var others = new double[width];
        using var pass = rows.InOrder();
        var batch = new RowBatch(rows, RowBatch.RowsFor(width));
        var (count, isFirst) = (0.0, true);
        for (int read; (read = pass.Read(batch)) > 0;)
        {
            throwIfCancelled();
            for (var row = 0; row < read; row++)
            {
                var features = batch.FeaturesOf(row);
                double weight = batch.Weights?[row] ?? 1;
                count += weight;
                for (var i = 0; i < width && isFirst; i++)
                    first[i] = features[i];
                isFirst = false;
                for (var i = 0; i < width; i++)
                {
                    // Differences from the first row: squares of large numbers would lose what is looked for.
                    double value = features[i], difference = value - first[i];
                    sums[i] += weight * difference;
                    squares[i] += weight * difference * difference;
                    raw[i] += weight * value * value;
                    others[i] += value == 0 ? 0 : weight;
                }
            }
        }
        double[] centre = [.. first.Select((value, i) => value + (sums[i] / count))];
        double[] deviation =
            [.. sums.Select((sum, i) => Math.Sqrt(Math.Max(0, (squares[i] / count) - Math.Pow(sum / count, 2))))];
        bool[] isConstant =
            [.. deviation.Select((value, i) => value <= Constant * Math.Abs(centre[i]) || value < SmallestUnit)];
        return new(centre, [.. centre.Select((mean, i) => 1 / (isConstant[i]
            ? (Math.Abs(mean) < SmallestUnit ? 1 : Math.Abs(mean)) / (ConstantDistance * Math.Sqrt(2.0 * width))
            : Unit(deviation[i], raw[i], others[i], count)))], isConstant);
    }

    private static double Unit(double deviation, double sumOfSquares, double others, double count)
    {
        var share = others / count;
        if (share > LargestSparseShare)
            return deviation;
        var wide = Math.Max(share, SmallestShare);
        return Math.Sqrt(sumOfSquares / others) * Math.Sqrt(wide * (1 - wide));
    }
}
