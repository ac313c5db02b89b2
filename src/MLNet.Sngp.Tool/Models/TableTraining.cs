using System.Globalization;
using Microsoft.ML;
using MLNet.Sngp.Tool.Reporting;
using MLNet.Sngp.Tool.Tables;

namespace MLNet.Sngp.Tool.Models;

/// <summary>Trains on a table: plans the columns, holds rows back, fits, measures.</summary>
internal sealed class TableTraining(Terminal terminal, string path, string label, bool isRegression, int seed)
{
    /// <summary>The share of rows that training does not see.</summary>
    public const double HeldBack = 0.2;

    private const int FewestRows = 10;
    private const int MostClasses = 1000;

    // Names that the pipeline's own columns have; a label by such a name would be hidden by them.
    private static readonly string[] Reserved =
        [PipelineFactory.Features, "PredictedLabel", "Score", "Variance", "Logits", "Uncertainty", "NoiseVariance", "Lower", "Upper"];

    private readonly MLContext _ml = new(seed);
    private RowSource? _source;

    public IReadOnlyList<string> Ignored { get; init; } = [];

    public int? NumberOfEpochs { get; init; }

    /// <summary>Some rows, to compare an exported pipeline with.</summary>
    public IDataView Sample() => (_source! with { MaximumRows = 100, Label = null }).Load();

    public ModelFile Run(CancellationToken cancellation)
    {
        var table = new TableFile(path);
        ColumnPlanner.Require(table, label);
        if (Reserved.Contains(label))
            throw new ToolException($"{path}, line 1, column '{label}': a label cannot have this name, which an output has; rename it.");
        var columns = PlanColumns(table, cancellation);
        var (features, rows) = Rows(table, columns);
        var count = _source!.Count();
        if (count < FewestRows)
            throw new ToolException($"{path}, column '{label}': {count} rows with a label are too few; {FewestRows} are the least.");
        cancellation.ThrowIfCancellationRequested();
        var split = _ml.Data.TrainTestSplit(_ml.Data.Cache(rows), HeldBack, seed: seed);
        var (model, quality) = Fit(features, split, cancellation);
        var held = (long)quality["rows"];
        var card = new ModelCard
        {
            Label = label,
            IsRegression = isRegression,
            Table = Path.GetFileName(path),
            DecimalComma = table.DecimalComma,
            Seed = seed,
            TrainingRows = count - held,
            HeldBackRows = held,
            RowsWithoutLabel = (_source with { Label = null }).Count() - count,
            Columns = columns,
            Quality = quality,
        };
        return new(_ml, model, Sample().Schema, card);
    }

    private List<ColumnPlan> PlanColumns(TableFile table, CancellationToken cancellation)
    {
        var columns = ColumnPlanner.Plan(table, Ignored);
        if (Ignored.Contains(label))
            throw new ToolException($"{path}, column '{label}': the label cannot be ignored.");
        var rejected = table.FindRejected(columns, cancellation);
        if (rejected.Count > 0)
            throw new ToolException($"{path}{rejected[0].Where}: {rejected[0].Reason}; mend or remove "
                + (rejected.Count == 1 ? "this row." : $"this row and {rejected.Count - 1} others."));
        var index = columns.FindIndex(column => column.Name == label);
        CheckLabel(table, columns, columns[index]);
        if (!isRegression)
            columns[index] = columns[index] with { StoredAs = "VARCHAR" };
        return columns;
    }

    private void CheckLabel(TableFile table, List<ColumnPlan> columns, ColumnPlan column)
    {
        if (isRegression && column.StoredAs != "DOUBLE")
            throw new ToolException($"{path}, column '{label}': its values are no numbers, such as {Example(table, columns)}; "
                + "leave --regression out, or write numbers with a decimal point.");
        long distinct = 0;
        using var connection = TableFile.Open();
        TableFile.Query(
            connection, $"SELECT count(DISTINCT {Sql.Name(label)}) FROM {table.From(columns)}", row => distinct = row.GetInt64(0));
        if (distinct < 2)
            throw new ToolException($"{path}, column '{label}': a label with {(distinct == 0 ? "no value" : "one value")} teaches nothing; "
                + "two are the least.");
        if (!isRegression && distinct > MostClasses)
            throw new ToolException($"{path}, column '{label}': {distinct} values are too many for classes; "
                + (column.StoredAs == "DOUBLE" ? "add --regression." : $"{MostClasses} are the most."));
        if (!columns.Any(other => other.Name != label && other.Kind != ColumnUse.LeftOut))
            throw new ToolException($"{path}: beside the label '{label}' no column holds anything to learn from.");
    }

    private string Example(TableFile table, List<ColumnPlan> columns)
    {
        var example = "";
        using var connection = TableFile.Open();
        TableFile.Query(connection, $"SELECT CAST({Sql.Name(label)} AS VARCHAR) FROM {table.From(columns)} WHERE "
            + $"{Sql.Name(label)} IS NOT NULL LIMIT 1", row => example = row.GetString(0));
        return $"'{example}'";
    }

    private (IReadOnlyList<ColumnPlan> Features, IDataView Rows) Rows(TableFile table, List<ColumnPlan> columns)
    {
        var labelColumn = columns.First(column => column.Name == label);
        _source = new(_ml, table, columns) { Label = (labelColumn, isRegression) };
        // The model takes no label: without one a pipeline scores rows whose label nobody knows.
        List<ColumnPlan> features = [.. columns.Where(column => column.Name != label && column.Kind != ColumnUse.LeftOut)];
        var rows = _source.Load();
        if (!isRegression)
            rows = _ml.Transforms.Conversion.MapValueToKey(label).Fit(rows).Transform(rows);
        return (features, rows);
    }

    private (ITransformer, Dictionary<string, double>) Fit(
        IReadOnlyList<ColumnPlan> features, DataOperationsCatalog.TrainTestData split, CancellationToken cancellation)
    {
        ITransformer? model = null;
        terminal.WithProgress("training", move =>
        {
            var options = new SngpOptions { LabelColumnName = label, Seed = seed };
            options.Training.NumberOfEpochs = NumberOfEpochs;
            options.Training.CancellationToken = cancellation;
            options.Training.Progress = new Synchronous(step => move((double)step.Step / step.NumberOfSteps,
                string.Create(CultureInfo.InvariantCulture, $"epoch {step.Epoch} of {step.NumberOfEpochs}, loss {step.Loss:0.000}")));
            IEstimator<ITransformer> trainer = isRegression ? _ml.Sngp().Regression(options) : _ml.Sngp().Multiclass(options);
            model = PipelineFactory.Create(_ml, features).Append(trainer).Fit(split.TrainSet);
        });
        return (model!, Quality.Measure(_ml, model!.Transform(split.TestSet), label, isRegression));
    }

    private sealed class Synchronous(Action<TrainingProgress> report) : IProgress<TrainingProgress>
    {
        public void Report(TrainingProgress value) => report(value);
    }
}
