namespace MLNet.Sngp;

/// <summary>What <c>mlContext.Sngp().Decide(…)</c> hands over. Copied where they are given.</summary>
public sealed class DecisionOptions
{
    /// <summary>
    /// Gets or sets the largest error rate among answered rows, above 0 and below 1: as many rows are answered as keep it at or below
    /// with <see cref="Confidence"/>. <see langword="null"/> (default): no such bound. At most one of this, <see cref="MinimumCoverage"/>
    /// and <see cref="MaximumUncertainty"/> can be given; without any no row is undecided.
    /// </summary>
    public double? MaximumRisk { get; set; }

    /// <summary>
    /// Gets or sets the probability with which <see cref="MaximumRisk"/> holds of new rows, over draws of the validation rows; above 0 and
    /// below 1, 0.95 by default. Without <see cref="MaximumRisk"/> it has no meaning.
    /// </summary>
    public double Confidence { get; set; } = 0.95;

    /// <summary>
    /// Gets or sets the least share of ordinary rows that are not undecided, above 0 to 1; 1 lets all pass. It holds of new rows on average
    /// over draws of the validation rows; novel rows come off besides. <see langword="null"/> (default): not asked for.
    /// </summary>
    public double? MinimumCoverage { get; set; }

    /// <summary>
    /// Gets or sets the uncertainty above which a row is undecided, in the units of the column. <see langword="null"/> (default): fitted,
    /// or
    /// none.
    /// </summary>
    public float? MaximumUncertainty { get; set; }

    /// <summary>
    /// Gets or sets the share of ordinary rows that may be called novel, 0 to below 1; 0 looks for no novelty.
    /// <see langword="null"/> (default): 0.01, or 1/(n + 1) where n validation rows do not suffice for that, unless
    /// <see cref="MaximumNoveltyScore"/> is given.
    /// </summary>
    public double? FalseAlarmRate { get; set; }

    /// <summary>
    /// Gets or sets the value of the column of novelty above which a row is novel, in the units of the column: of the first of
    /// <see cref="NoveltyColumnNames"/>, or of the model's <c>Variance</c>. <see langword="null"/> (default): fitted to
    /// <see cref="FalseAlarmRate"/>.
    /// </summary>
    public float? MaximumNoveltyScore { get; set; }

    /// <summary>
    /// Gets or sets the columns of the model that say how novel a row is, as <c>Novelty</c> takes them. <see langword="null"/> (default):
    /// the usual ones.
    /// </summary>
    public IReadOnlyList<string>? NoveltyColumnNames { get; set; }

    /// <summary>Gets or sets the column of the model that says how undecided it is: Single, larger meaning less sure.</summary>
    /// <value>The default is <c>Uncertainty</c>.</value>
    public string UncertaintyColumnName { get; set; } = ColumnNames.Uncertainty;

    /// <summary>Gets or sets the label column, which only <see cref="MaximumRisk"/> needs.</summary>
    /// <value>The default is <c>Label</c>.</value>
    public string LabelColumnName { get; set; } = "Label";

    /// <summary>Gets or sets the name of the Boolean column that is added.</summary>
    /// <value>The default is <c>Defer</c>.</value>
    public string OutputColumnName { get; set; } = DefaultOutput;

    /// <summary>
    /// Gets or sets the name of the column that says why. <see langword="null"/> (default): <c>Reason</c> beside <c>Defer</c>, and
    /// otherwise
    /// <see cref="OutputColumnName"/> followed by <c>Reason</c>.
    /// </summary>
    public string? ReasonColumnName { get; set; }

    internal const string DefaultOutput = "Defer";

    internal string Reason => ReasonColumnName ?? (OutputColumnName == DefaultOutput ? "Reason" : OutputColumnName + "Reason");

    internal DecisionOptions Checked()
    {
        string[] problems = [.. Problems()];
        if (problems.Length > 0)
            throw new ArgumentException(string.Join(" ", problems), "options");
        var copy = (DecisionOptions)MemberwiseClone();
        copy.NoveltyColumnNames = Decisions.DecisionChecks.Names(NoveltyColumnNames);
        return copy;
    }

    private IEnumerable<string> Problems()
    {
        if (new object?[] { MaximumRisk, MinimumCoverage, MaximumUncertainty }.Count(value => value != null) > 1)
            yield return "Give only one of MaximumRisk, MinimumCoverage and MaximumUncertainty.";
        if (MaximumRisk is { } risk && !(risk is > 0 and < 1))
            yield return FormattableString.Invariant($"MaximumRisk is {risk}; give a share above 0 and below 1.");
        if (!(Confidence is > 0 and < 1))
            yield return FormattableString.Invariant($"Confidence is {Confidence}; give a probability above 0 and below 1.");
        if (MinimumCoverage is { } coverage && !(coverage is > 0 and <= 1))
            yield return FormattableString.Invariant($"MinimumCoverage is {coverage}; give a share above 0 and at most 1.");
        if (MaximumUncertainty is { } uncertainty && !float.IsFinite(uncertainty))
            yield return FormattableString.Invariant($"MaximumUncertainty is {uncertainty}; give a finite number.");
        if (FalseAlarmRate is { } rate && !(rate is >= 0 and < 1))
            yield return FormattableString.Invariant($"FalseAlarmRate is {rate}; give a share from 0, which is off, to below 1.");
        if (MaximumNoveltyScore is { } score && !float.IsFinite(score))
            yield return FormattableString.Invariant($"MaximumNoveltyScore is {score}; give a finite number.");
        if (MaximumNoveltyScore != null && (FalseAlarmRate != null || NoveltyColumnNames?.Count > 1))
            yield return "MaximumNoveltyScore is a threshold of one column: give no FalseAlarmRate and one column besides.";
        foreach (
            var (name, value) in new[] { (nameof(UncertaintyColumnName), UncertaintyColumnName), (nameof(LabelColumnName), LabelColumnName),
            (nameof(OutputColumnName), OutputColumnName), (nameof(ReasonColumnName), Reason) })
        {
            if (string.IsNullOrEmpty(value))
                yield return $"{name} is empty; give a column's name.";
        }
        if (Reason == OutputColumnName)
            yield return "OutputColumnName and ReasonColumnName are the same; give two names.";
    }
}
