using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Evaluation;

namespace MLNet.Sngp;

/// <summary>
/// Adds the Boolean column <c>Defer</c>: true where a row's uncertainty lies above the threshold (or is NaN), so that
/// the row should be handed to a person instead of being answered.
/// </summary>
/// <remarks>
/// <para>Fitted by <c>mlContext.Sngp().Abstain(…)</c>. It only reads the uncertainty column, so it can be appended to any
/// chain that gives one; <c>mlContext.Model.Save</c> and <c>Load</c> keep it.</para>
/// <para>Immutable and safe to use from several threads.</para>
/// </remarks>
public sealed class AbstainTransformer : ITransformer
{
    private readonly TransformerChain<ITransformer> _steps;

    internal AbstainTransformer(MLContext ml, string columnName, RiskCoveragePoint point, int unscoredRowCount)
    {
        UnscoredRowCount = unscoredRowCount;
        ColumnName = columnName;
        Threshold = (float)point.Threshold;
        Risk = point.Risk;
        Coverage = point.Coverage;
        _steps = Steps(ml, columnName, Threshold);
    }

    /// <summary>The column whose values are compared with the threshold.</summary>
    public string ColumnName { get; }

    /// <summary>Rows above this value are deferred.</summary>
    public float Threshold { get; }

    /// <summary>The error rate among the validation rows that are not deferred, 0 to 1; lower is better.</summary>
    public double Risk { get; }

    /// <summary>The share of validation rows that are not deferred, above 0 to 1; higher is better.</summary>
    public double Coverage { get; }

    /// <summary>
    /// The number of validation rows with a label but without a probability or uncertainty, because a feature is missing. They count
    /// neither in
    /// <see cref="Risk"/> nor in <see cref="Coverage"/>; such rows are deferred.
    /// </summary>
    public int UnscoredRowCount { get; }

    bool ITransformer.IsRowToRowMapper => ((ITransformer)_steps).IsRowToRowMapper;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">There is no column <see cref="ColumnName"/>.</exception>
    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => _steps.GetOutputSchema(Checked(inputSchema));

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">There is no column <see cref="ColumnName"/>.</exception>
    public IDataView Transform(IDataView input)
    {
        ArgumentNullException.ThrowIfNull(input);
        Checked(input.Schema);
        return _steps.Transform(input);
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
        => ((ITransformer)_steps).GetRowToRowMapper(Checked(inputSchema));

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)_steps).Save(ctx);

    private DataViewSchema Checked(DataViewSchema schema)
    {
        EvaluationColumns.CheckSingle(ColumnShapes.Of(schema), "uncertainty", ColumnName);
        return schema;
    }

    /// <summary>
    /// Public transformers alone, because only they can be saved. A custom mapping keeps no numbers of its own, so the
    /// threshold t travels as the offset of a normaliser: fitted on t and t + r, it maps x to (x − t)/r, whose sign is
    /// exact (gradual underflow keeps x − t from vanishing, and r ≥ 1 grows with t, not faster).
    /// </summary>
    private static TransformerChain<ITransformer> Steps(MLContext ml, string columnName, float threshold)
    {
        float range = Math.Max(1, Math.Abs(threshold));
        var definition = SchemaDefinition.Create(typeof(Number));
        definition[nameof(Number.Value)].ColumnName = columnName;
        IDataView limits = ml.Data.LoadFromEnumerable(
            new Number[] { new() { Value = threshold }, new() { Value = threshold + range } }, definition);

        ITransformer[] steps =
        [
            ml.Transforms.NormalizeMinMax(DeferMapping.ExcessColumnName, columnName, fixZero: false).Fit(limits),
            ml.Transforms.CustomMapping<DeferMapping.Input, DeferMapping.Output>(
                DeferMapping.Map, DeferMapping.ContractName).Fit(WithExcess(ml)),
            ml.Transforms.DropColumns(DeferMapping.ExcessColumnName).Fit(WithExcess(ml)),
        ];
        return new TransformerChain<ITransformer>(steps);
    }

    private static IDataView WithExcess(MLContext ml) => ml.Data.LoadFromEnumerable(Array.Empty<DeferMapping.Input>());

    private sealed class Number
    {
        public float Value { get; set; }
    }
}
