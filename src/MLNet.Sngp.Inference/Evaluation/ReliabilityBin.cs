namespace MLNet.Sngp;

/// <summary>One bin of a <see cref="ReliabilityDiagram"/>: the rows whose confidence lies in (Lower, Upper].</summary>
/// <remarks>Immutable.</remarks>
public sealed class ReliabilityBin
{
    internal ReliabilityBin(double lower, double upper, int count, double meanConfidence, double accuracy)
    {
        Lower = lower;
        Upper = upper;
        Count = count;
        MeanConfidence = meanConfidence;
        Accuracy = accuracy;
    }

    /// <summary>The confidence above which the bin begins; not itself part of the bin.</summary>
    public double Lower { get; }

    /// <summary>The largest confidence that belongs to the bin.</summary>
    public double Upper { get; }

    /// <summary>The number of rows in the bin.</summary>
    public int Count { get; }

    /// <summary>The mean winning probability of the bin's rows; NaN for an empty bin.</summary>
    public double MeanConfidence { get; }

    /// <summary>The share of the bin's rows that are predicted rightly; NaN for an empty bin.</summary>
    public double Accuracy { get; }

    /// <summary>|Accuracy − MeanConfidence|, 0 (calibrated) to 1; 0 for an empty bin.</summary>
    public double Gap => Count == 0 ? 0 : Math.Abs(Accuracy - MeanConfidence);
}
