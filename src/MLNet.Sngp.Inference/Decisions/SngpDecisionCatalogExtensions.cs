using MLNet.Sngp;
using MLNet.Sngp.Decisions;

namespace Microsoft.ML;

/// <summary>Novelty, sets of classes and decisions with stated error rates, from <c>mlContext.Sngp()</c>.</summary>
public static class SngpDecisionCatalogExtensions
{
    /// <summary>
    /// Makes an estimator that adds how novel a row is, with a false-alarm rate: <c>Novelty</c>, a p-value, and <c>IsNovel</c>.
    /// </summary>
    /// <remarks>
    /// <code>
    /// var watching = model.Append(mlContext.Sngp().Novelty(falseAlarmRate: 0.01).Fit(model.Transform(validation)));
    /// </code>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type and meaning</description></listheader>
    /// <item><term><c>Novelty</c></term><description>Single in (0, 1]: the conformal p-value of the row. With one score (1 + number of
    /// validation rows whose score is at least the row's)/(n + 1). Of rows like the validation rows at most a share α has a value of α or
    /// less, for every α and every n. Small means novel.</description></item>
    /// <item><term><c>IsNovel</c></term><description>Boolean: whether <c>Novelty</c> is at most the false-alarm rate. True where the model
    /// gives NaN.</description></item>
    /// </list>
    /// <para>The rate is one over new rows and draws of the validation rows together, and holds for rows that are exchangeable with the
    /// validation rows (Vovk, Gammerman and Shafer 2005); for one draw of n validation rows it scatters by about √(rate/n). Validation rows
    /// must not have been in training. Where <c>Calibrate</c> took the same rows, its two numbers depend on them a little.</para>
    /// <para>With several scores a row is novel where any is large: the least rank over the scores is ranked again among the validation
    /// rows,
    /// so that the rate holds without a correction for several tests. No labels are needed. The table of p-values is part of the graph,
    /// of a few hundred numbers for each score; beyond the 128 most novel rows p-values are rounded up by 2 % at most.</para>
    /// </remarks>
    /// <param name="catalog">What <c>mlContext.Sngp()</c> returns.</param>
    /// <param name="falseAlarmRate">The share of ordinary rows that may be called novel, above 0 and below 1. 0.01 needs 99 validation
    /// rows, and 199 for two scores.</param>
    /// <param name="scoreColumnNames">The columns of the model to look in, larger meaning more novel; a vector counts as its mean.
    /// <see langword="null"/> (default): those of <c>Variance</c>, <c>EnsembleVariance</c> and <c>Uncertainty</c> that the model has; the
    /// first of them, where the rows do not suffice for all.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The rate is out of range.</exception>
    /// <exception cref="ArgumentException">The names of the columns are empty, or one is named twice.</exception>
    public static ValidationStepEstimator Novelty(
        this SngpCatalog catalog, double falseAlarmRate = 0.01, IReadOnlyList<string>? scoreColumnNames = null)
    {
        DecisionChecks.Rate(falseAlarmRate, nameof(falseAlarmRate));
        return new ValidationStepEstimator(catalog, new NoveltyStep(falseAlarmRate, DecisionChecks.Names(scoreColumnNames)));
    }
}
