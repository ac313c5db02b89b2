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

    /// <summary>
    /// Makes an estimator that adds the set of classes that a row may belong to: the true one is in it with a stated probability.
    /// </summary>
    /// <remarks>
    /// <code>
    /// var withSets = model.Append(mlContext.Sngp().ConformalSets(coverage: 0.9).Fit(model.Transform(validation)));
    /// </code>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type and meaning</description></listheader>
    /// <item><term><c>PredictionSet</c></term><description>Vector of Boolean, one for each class, with the classes' names as slot names:
    /// whether
    /// it is in the set. Of a binary model false and true, without names. Never empty; all of them for a novel row (as <c>Decide</c> finds
    /// it, of ordinary rows 1 %) and where the model gives NaN.</description></item>
    /// <item><term><c>SetSize</c></term><description>Single: the number of classes in the set, at least 1.</description></item>
    /// </list>
    /// <para>The coverage is one over new rows and draws of the validation rows together, for rows that are exchangeable with the
    /// validation
    /// rows, and holds for every number of them. Where the model is right more often than asked, sets of one class cover more than
    /// asked.</para>
    /// <para>Adaptive prediction sets, regularised, without randomisation: classes are taken in from the most probable on, until the sum of
    /// the probabilities, with a penalty for each class from a certain rank on, goes beyond a quantile fitted to the validation rows
    /// (Romano,
    /// Sesia and Candès 2020; Angelopoulos et al. 2021).</para>
    /// </remarks>
    /// <param name="catalog">What <c>mlContext.Sngp()</c> returns.</param>
    /// <param name="coverage">The least probability of the true class being in the set, above 0 and below 1. 0.9 needs 9 validation
    /// rows.</param>
    /// <param name="perClass">Whether the coverage holds among the rows of each class by itself, which needs as many rows of each.</param>
    /// <param name="labelColumnName">
    /// The label column where it reaches the model: a key numbered as the model's classes are, or Boolean for a binary model.
    /// </param>
    /// <param name="penalty">λ, added for each class that a set takes in beyond <paramref name="unpenalizedClasses"/>: at least 0, in units
    /// of
    /// probability. Larger makes the largest sets smaller and the smallest larger.</param>
    /// <param name="unpenalizedClasses">The size up to which a set has no penalty, at least 1.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A number is out of range.</exception>
    /// <exception cref="ArgumentException">The name of the label column is empty.</exception>
    public static ValidationStepEstimator ConformalSets(
        this SngpCatalog catalog, double coverage = 0.9, bool perClass = false, string labelColumnName = "Label", double penalty = 0.01,
        int unpenalizedClasses = 5)
    {
        DecisionChecks.Rate(coverage, nameof(coverage));
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        if (!(penalty >= 0 && double.IsFinite(penalty)))
            throw new ArgumentOutOfRangeException(nameof(penalty), penalty, "The penalty must be 0 or more.");
        ArgumentOutOfRangeException.ThrowIfLessThan(unpenalizedClasses, 1);
        return new ValidationStepEstimator(catalog, new ConformalSetStep(coverage, perClass, labelColumnName, penalty, unpenalizedClasses));
    }

    /// <summary>Makes an estimator that sets a regression's interval anew, so that it holds the label with a stated probability.</summary>
    /// <remarks>
    /// <code>
    /// var withIntervals = model.Append(mlContext.Sngp().ConformalRegression(coverage: 0.9).Fit(model.Transform(validation)));
    /// </code>
    /// <para><c>Lower</c> and <c>Upper</c> become Score ± q·√(Variance + NoiseVariance), with the conformal quantile q of the validation
    /// rows' |label − Score|/√(Variance + NoiseVariance) (Lei et al. 2018). So they are the wider, the further a row lies from the training
    /// rows.</para>
    /// <para>The coverage is one over new rows and draws of the validation rows together, for rows that are exchangeable with the
    /// validation rows, whatever the labels' distribution, and holds for every number of them. Validation rows must not have been in
    /// training.</para>
    /// </remarks>
    /// <param name="catalog">What <c>mlContext.Sngp()</c> returns.</param>
    /// <param name="coverage">The least probability of the label lying in the interval, above 0 and below 1. 0.9 needs 9 validation
    /// rows.</param>
    /// <param name="labelColumnName">The label column, a number; rows without one are left out.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The coverage is out of range.</exception>
    /// <exception cref="ArgumentException">The name of the label column is empty.</exception>
    public static ValidationStepEstimator ConformalRegression(
        this SngpCatalog catalog, double coverage = 0.9, string labelColumnName = "Label")
    {
        DecisionChecks.Rate(coverage, nameof(coverage));
        ArgumentException.ThrowIfNullOrEmpty(labelColumnName);
        return new ValidationStepEstimator(catalog, new ConformalRegressionStep(coverage, labelColumnName));
    }

    /// <summary>
    /// Makes an estimator that adds which rows to hand to a person, so that the error rate of those that are answered has an upper bound.
    /// </summary>
    /// <inheritdoc cref="Decide(SngpCatalog, DecisionOptions)"/>
    /// <param name="catalog">What <c>mlContext.Sngp()</c> returns.</param>
    /// <param name="maximumRisk">The largest error rate among answered rows, above 0 and below 1.</param>
    /// <param name="confidence">The probability with which new rows keep to it, over draws of the validation rows.</param>
    /// <param name="outputColumnName">The name of the Boolean column; the one that says why is <c>Reason</c> beside <c>Defer</c>, and
    /// otherwise this name followed by <c>Reason</c>.</param>
    /// <param name="labelColumnName">
    /// The label column where it reaches the model: a key numbered as the model's classes are, or Boolean for a binary model.
    /// </param>
    public static ValidationStepEstimator Decide(
        this SngpCatalog catalog, double maximumRisk, double confidence = 0.95, string outputColumnName = "Defer",
        string labelColumnName = "Label") => catalog.Decide(new DecisionOptions
        {
            MaximumRisk = maximumRisk,
            Confidence = confidence,
            OutputColumnName = outputColumnName,
            LabelColumnName = labelColumnName,
        });

    /// <summary>Makes an estimator that adds which rows to hand to a person, and why.</summary>
    /// <remarks>
    /// <code>
    /// var deciding = model.Append(mlContext.Sngp().Decide(maximumRisk: 0.05).Fit(model.Transform(validation)));
    /// </code>
    /// <list type="table">
    /// <listheader><term>Column</term><description>Type and meaning</description></listheader>
    /// <item><term><c>Defer</c></term><description>Boolean: whether the row should be handed over instead of being
    /// answered.</description></item>
    /// <item><term><c>Reason</c></term><description>Key with text values, missing where the row is answered: <c>Invalid</c>, a feature or a
    /// number that the model gives is NaN or infinite; else <c>Novel</c>, unlike the validation rows; else <c>Undecided</c>.
    /// <c>MapKeyToValue</c> makes text of it.</description></item>
    /// </list>
    /// <para>Novelty is looked for as <c>Novelty</c> does it, also where the model meets the risk with every row: what it says of rows
    /// unlike
    /// those that it was measured on is nobody's bound. Invalid rows are always handed over.</para>
    /// <para>The bound of the risk is exact for any number of rows: thresholds are tested by the binomial distribution in a fixed order,
    /// from the
    /// surest rows on, in a few sequences at an equal part of 1 − confidence each (learn then test; Angelopoulos et al. 2021). It is over
    /// draws
    /// of the validation rows: at most a share 1 − confidence of them gives a threshold with a larger error rate among new answered rows.
    /// It
    /// holds for rows drawn as the validation rows were, where the error rate crosses the risk once or more as uncertainty grows without
    /// jumps.
    /// <see cref="SngpTransformer.Decision"/> says what was fitted.</para>
    /// <para>Several may follow one another under names of their own. All become part of the model's graph: saved, loaded and exported with
    /// it.</para>
    /// </remarks>
    /// <param name="catalog">What <c>mlContext.Sngp()</c> returns.</param>
    /// <param name="options">What is handed over; copied.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">Options are out of range or contradict each other; the message names all.</exception>
    public static ValidationStepEstimator Decide(this SngpCatalog catalog, DecisionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        return new ValidationStepEstimator(catalog, new DecisionStep(options));
    }
}
