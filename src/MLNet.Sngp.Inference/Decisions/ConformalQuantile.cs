using System.Globalization;

namespace MLNet.Sngp.Decisions;

/// <summary>The threshold of split conformal prediction.</summary>
internal static class ConformalQuantile
{
    /// <summary>
    /// The ⌈(n + 1)·coverage⌉-th smallest score: a new score is at or below it with a probability of <paramref name="coverage"/> at least,
    /// on
    /// average over draws of the n scores (Vovk, Gammerman and Shafer 2005; Lei et al. 2018). A little more, for rounding.
    /// </summary>
    /// <exception cref="InvalidOperationException">There are too few scores.</exception>
    public static float Of(float[] scores, double coverage, string option, string of = "")
    {
        if (coverage >= 1)
            return float.MaxValue;
        var rank = (int)Math.Ceiling(((scores.Length + 1) * coverage) - 1e-9);
        if (rank > scores.Length)
            throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture,
                $"{scores.Length} validation rows{of} do not suffice for the {option} {coverage}. Give at least "
                + $"{Math.Ceiling((coverage / (1 - coverage)) - 1e-9):0} that training did not see, or ask for "
                + $"{Math.Floor(1e4 * scores.Length / (scores.Length + 1)) / 1e4} "
                + $"at most."));
        Array.Sort(scores);
        return rank < scores.Length ? NoveltyTable.Between(scores[rank - 1], scores[rank]) : NoveltyTable.Above(scores[rank - 1]);
    }
}
