namespace MLNet.Sngp.Evaluation;

/// <summary>Sorts rows into the bins of a reliability diagram.</summary>
internal static class CalibrationBins
{
    /// <summary>
    /// n bins (i/n, (i+1)/n]. A confidence on an edge belongs to the bin below it; 0 belongs to the first bin.
    /// </summary>
    public static ReliabilityDiagram EqualWidth(
        ReadOnlySpan<double> confidences, ReadOnlySpan<bool> correct, int numberOfBins)
    {
        RequireSameLength(confidences, correct);
        RequireBins(numberOfBins);
        var sums = new Sum[numberOfBins];
        for (int i = 0; i < confidences.Length; i++)
            sums[EqualWidthIndex(confidences[i], numberOfBins)].Add(confidences[i], correct[i]);

        var bins = new ReliabilityBin[numberOfBins];
        for (int b = 0; b < numberOfBins; b++)
            bins[b] = sums[b].ToBin((double)b / numberOfBins, (double)(b + 1) / numberOfBins);
        return new ReliabilityDiagram(bins);
    }

    /// <summary>
    /// Up to n bins with as equal a number of rows as possible. Rows of equal confidence always share a bin,
    /// so that the result does not depend on the order of rows; ties can therefore leave fewer bins.
    /// </summary>
    public static ReliabilityDiagram EqualMass(
        ReadOnlySpan<double> confidences, ReadOnlySpan<bool> correct, int numberOfBins)
    {
        RequireSameLength(confidences, correct);
        RequireBins(numberOfBins);
        double[] keys = confidences.ToArray();
        bool[] items = correct.ToArray();
        Array.Sort(keys, items);

        var bins = new List<ReliabilityBin>(numberOfBins);
        int start = 0;
        double lower = 0;
        for (int b = 1; b <= numberOfBins && start < keys.Length; b++)
        {
            int end = Math.Max((int)((long)keys.Length * b / numberOfBins), start);
            if (end == start)
                continue;
            while (end < keys.Length && keys[end] == keys[end - 1])
                end++;
            var sum = default(Sum);
            for (int i = start; i < end; i++)
                sum.Add(keys[i], items[i]);
            double upper = keys[end - 1];
            bins.Add(sum.ToBin(lower, upper));
            lower = upper;
            start = end;
        }

        return new ReliabilityDiagram(bins);
    }

    /// <summary>Compares with the edges as they are in double precision: a product alone rounds across them.</summary>
    private static int EqualWidthIndex(double confidence, int numberOfBins)
    {
        int index = Math.Clamp((int)Math.Ceiling(confidence * numberOfBins) - 1, 0, numberOfBins - 1);
        while (index > 0 && confidence <= (double)index / numberOfBins)
            index--;
        while (index < numberOfBins - 1 && confidence > (double)(index + 1) / numberOfBins)
            index++;
        return index;
    }

    private static void RequireSameLength(ReadOnlySpan<double> confidences, ReadOnlySpan<bool> correct)
    {
        if (confidences.Length != correct.Length)
            throw new ArgumentException(
                $"There are {confidences.Length} confidences but {correct.Length} outcomes.", nameof(correct));
        if (confidences.IsEmpty)
            throw new ArgumentException("There is no row to put into bins.", nameof(confidences));
    }

    private static void RequireBins(int numberOfBins)
    {
        if (numberOfBins < 1)
            throw new ArgumentOutOfRangeException(
                nameof(numberOfBins), numberOfBins, "The number of bins must be at least 1.");
    }

    private struct Sum
    {
        private int _count;
        private int _correct;
        private double _confidence;

        public void Add(double confidence, bool correct)
        {
            _count++;
            _confidence += confidence;
            if (correct)
                _correct++;
        }

        public readonly ReliabilityBin ToBin(double lower, double upper)
            => new(lower, upper, _count, _confidence / _count, (double)_correct / _count);
    }
}
