using System.Globalization;
using Microsoft.ML;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Decisions;

/// <summary>Adds a Boolean column of rows to hand over and one that says why.</summary>
internal sealed class DecisionStep(DecisionOptions options) : FittedStep
{
    private readonly DecisionOptions _options = options.Checked();

    public override string Name => "Decide";

    public override string? LabelColumnName => _options.MaximumRisk is null ? null : _options.LabelColumnName;

    public override IReadOnlyList<OutputColumn> Columns(bool isBinary) =>
        [new(_options.OutputColumnName, ColumnKind.Boolean), new(_options.Reason, ColumnKind.Reason, HasClassNames: true)];

    private string Prefix => "decision/" + _options.OutputColumnName;

    private bool LooksForNovelty => _options.FalseAlarmRate != 0;

    public override FittedModel Fit(UncertaintyModel model, IDataView input)
    {
        IReadOnlyList<string> names = LooksForNovelty ? NoveltyNodes.Columns(model, _options.NoveltyColumnNames) : [];
        NoveltyNodes.Columns(model, [_options.UncertaintyColumnName], "uncertainty");
        var rows = Read(model, names, input);
        List<Row> valid = [.. rows.Where(row => !row.IsInvalid)];
        var (tables, rate) = FitNovelty(names, valid);
        var limit = NoveltyNodes.Limit(tables, rate ?? 0);
        List<Row> familiar = [.. valid.Where(row => !IsNovel(row))];
        var (threshold, bound) = FitUncertainty(valid, familiar);
        var answered = familiar.FindAll(row => threshold is null || row.Uncertainty <= threshold);
        var labelled = answered.FindAll(row => row.Label >= 0);
        var fitted = Extend(model, names, tables, limit, threshold);
        return new FittedModel(fitted, rows.Count - valid.Count, new DecisionReport
        {
            MaximumUncertainty = threshold is float.MaxValue ? null : threshold,
            FalseAlarmRate = rate,
            Coverage = (double)answered.Count / valid.Count,
            Risk = labelled.Count(row => row.IsError) / (double)labelled.Count,
            RiskBound = bound,
            NumberOfRows = valid.Count,
            NovelRowCount = valid.Count - familiar.Count,
            UndecidedRowCount = familiar.Count - answered.Count,
            InvalidRowCount = rows.Count - valid.Count,
            SkippedRowCount = LabelColumnName is null ? 0 : valid.Count(row => row.Label < 0),
        });

        bool IsNovel(Row row) => _options.MaximumNoveltyScore is { } most ? LooksForNovelty && row.Novelty[0] > most
            : tables.Count > 0 && tables.Select((table, j) => table.At(row.Novelty[j])).Min() <= limit;
    }

    private (IReadOnlyList<NoveltyTable> Tables, double? Rate) FitNovelty(IReadOnlyList<string> names, List<Row> valid) =>
        !LooksForNovelty || _options.MaximumNoveltyScore != null
            ? ([], null)
            : NoveltyNodes.Fit(
            names, [.. valid.Select(row => row.Novelty)], _options.FalseAlarmRate, isFixed: _options.NoveltyColumnNames != null);

    private (float? Threshold, double? Bound) FitUncertainty(List<Row> valid, List<Row> familiar)
    {
        if (_options.MaximumRisk is { } risk)
            return RiskControl.Choose(
                [.. familiar.Where(row => row.Label >= 0).Select(row => (row.Uncertainty, row.IsError))], risk, _options.Confidence);
        return (_options.MinimumCoverage is { } coverage
            ? ConformalQuantile.Of([.. valid.Select(row => row.Uncertainty)], coverage, "MinimumCoverage")
            : _options.MaximumUncertainty, null);
    }

    private List<Row> Read(UncertaintyModel model, IReadOnlyList<string> names, IDataView input)
    {
        var extension = new ModelExtension(model);
        string[] values = [AddPoison(extension),
            extension.Node("Identity", Prefix + "/uncertainty", [extension.Number(Prefix, _options.UncertaintyColumnName)]),
            .. names.Select(name => extension.Node("Identity", $"{Prefix}/{name}/score", [extension.Number(Prefix, name)]))];
        foreach (var value in values)
            extension.GiveSingle(value);
        string[] columns = LabelColumnName is null ? values : [.. values, ColumnNames.PredictedLabel];
        // A key begins at 1, a truth value at 0.
        var first = model.IsBinary ? 0 : 1;
        return [.. ValidationScore.Read(extension.ToModel(), input, LabelColumnName, columns)
            .Select(row => new Row(!float.IsFinite(row.Values[0]),
            row.Values[1], row.Values[2..(2 + names.Count)], row.Label, row.Label != (int)row.Values[^1] - first))];
    }

    /// <summary>NaN where a feature or a number that the model gives is NaN or infinite, and 0 elsewhere.</summary>
    private string AddPoison(ModelExtension extension)
    {
        var model = extension.Model;
        // What was fitted hides NaN, and the logit of a binary model's probability may be infinite where that is 0 or 1.
        var numbers = model.Outputs.Where(output => output is { Kind: ColumnKind.Single, IsFitted: false }
            && !(model.IsBinary && output.Name == ColumnNames.Score)).Select(output => output.Name);
        string[] each = [.. numbers.Prepend(model.FeatureColumnName).Select(name => extension.Poison(name, $"{Prefix}/{name}/poison"))];
        return extension.Node("Sum", Prefix + "/poison", each);
    }

    private UncertaintyModel Extend(
        UncertaintyModel model, IReadOnlyList<string> names, IReadOnlyList<NoveltyTable> tables, float limit, float? threshold)
    {
        var extension = new ModelExtension(model);
        var graph = extension.Graph;
        var isInvalid = extension.Node("IsNaN", Prefix + "/is_invalid", [AddPoison(extension)]);
        var isUndecided = extension.Node("Greater", Prefix + "/is_undecided", [
            extension.Number(Prefix, _options.UncertaintyColumnName), graph.Constant(Prefix + "/most", [threshold ?? float.MaxValue], 1)]);
        var reason = Where(isUndecided, DecisionReasons.Undecided, graph.Constant(Prefix + "/none", [DecisionReasons.None], 1));
        if (tables.Count > 0)
            reason = Where(extension.Node("LessOrEqual", Prefix + "/is_novel", [
                NoveltyNodes.Add(extension, Prefix, Prefix + "/p", tables), graph.Constant(Prefix + "/limit", [limit], 1)]),
                DecisionReasons.Novel, reason);
        else if (_options.MaximumNoveltyScore is { } most && LooksForNovelty)
            reason = Where(extension.Node("Greater", Prefix + "/is_novel", [
                extension.Number(Prefix + "/novelty", names[0]), graph.Constant(Prefix + "/limit", [most], 1)]), DecisionReasons.Novel,
                reason);
        reason = Where(isInvalid, DecisionReasons.Invalid, reason);
        extension.Node("Cast", _options.Reason, [reason], OnnxAttribute.Of("to", (long)TensorProto.Types.DataType.Uint32));
        extension.Node("Greater", _options.OutputColumnName, [reason, Prefix + "/none"]);
        return extension.Give([.. Columns(isBinary: false)]).ToModel();

        string Where(string condition, long then, string otherwise)
        {
            var name = string.Create(CultureInfo.InvariantCulture, $"{Prefix}/reason{then}");
            return extension.Node("Where", name, [condition, graph.Constant(name + "/key", [then], 1), otherwise]);
        }
    }

    private readonly record struct Row(bool IsInvalid, float Uncertainty, float[] Novelty, int Label, bool IsError);
}
