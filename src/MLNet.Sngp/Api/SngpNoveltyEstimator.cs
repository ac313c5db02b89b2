using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp;

/// <summary>
/// Trains an SNGP beside any other model and adds how novel a row is, and nothing else. Made by <c>mlContext.Sngp().NoveltyOnly(…)</c>.
/// </summary>
/// <remarks>
/// <para>The transformer adds <c>Novelty</c> (Single, a conformal p-value) and <c>IsNovel</c> (Boolean), as <c>Novelty</c> does, so the
/// columns
/// of the other model stay visible. Its graph holds what these need and no more.</para>
/// <para>Immutable; <c>Fit</c> may be called from several threads.</para>
/// </remarks>
public sealed class SngpNoveltyEstimator : IEstimator<SngpTransformer>
{
    private readonly SngpCatalog _catalog;
    private readonly SngpOptions _options;
    private readonly ValidationStepEstimator _novelty;
    private readonly double _validationFraction;

    internal SngpNoveltyEstimator(SngpCatalog catalog, SngpOptions options, double falseAlarmRate, double validationFraction)
    {
        // Checks the options.
        _ = catalog.Multiclass(options);
        if (!(validationFraction is > 0 and < 1))
            throw new ArgumentOutOfRangeException(
                nameof(validationFraction), validationFraction, "A share above 0 and below 1 is needed.");
        (_catalog, _options, _validationFraction) = (catalog, options.Copy(), validationFraction);
        _novelty = catalog.Novelty(falseAlarmRate);
    }

    /// <summary>Trains on a part of the rows and fits the false-alarm rate to the others.</summary>
    /// <param name="input">The training table, with the label and feature columns that the options name; the label is a key or
    /// Boolean.</param>
    /// <returns>A transformer that adds the two columns.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be used.</exception>
    /// <exception cref="InvalidOperationException">A row cannot be used, or the rows do not suffice for the rate.</exception>
    public SngpTransformer Fit(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var label = input.Schema.GetColumnOrNull(_options.LabelColumnName)?.Type;
        var split = _catalog.Context.Data.TrainTestSplit(input, _validationFraction, seed: _options.Seed);
        using var model = Trainer(label is BooleanDataViewType).Fit(split.TrainSet);
        using var watching = _novelty.Fit(model.Transform(split.TestSet));
        return watching.Keep(ColumnNames.Novelty, ColumnNames.IsNovel);
    }

    /// <summary>The columns that the transformer will add, without training.</summary>
    /// <param name="inputSchema">The columns of the training table.</param>
    /// <returns>The input's columns, <c>Novelty</c> and <c>IsNovel</c>.</returns>
    /// <exception cref="ArgumentOutOfRangeException">A column is missing or of a type that cannot be used.</exception>
    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        ArgumentNullException.ThrowIfNull(inputSchema);
        var label = inputSchema.FirstOrDefault(column => column.Name == _options.LabelColumnName);
        var scored =
            _novelty.GetOutputSchema(Trainer(label is { IsKey: false, ItemType: BooleanDataViewType }).GetOutputSchema(inputSchema));
        string[] added = [ColumnNames.Novelty, ColumnNames.IsNovel];
        return new SchemaShape(inputSchema.Where(column => !added.Contains(column.Name))
            .Concat(scored.Where(column => added.Contains(column.Name))));
    }

    private IEstimator<SngpTransformer> Trainer(bool isBinary) =>
        isBinary ? _catalog.Binary(_options) : _catalog.Multiclass(_options);
}
