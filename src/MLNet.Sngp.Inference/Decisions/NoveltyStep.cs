using Microsoft.ML;

namespace MLNet.Sngp.Decisions;

/// <summary>Adds <c>Novelty</c> and <c>IsNovel</c>.</summary>
internal sealed class NoveltyStep(double falseAlarmRate, IReadOnlyList<string>? scoreColumnNames) : FittedStep
{
    public const double DefaultRate = 0.01;

    public override string Name => "Novelty";

    public override IReadOnlyList<OutputColumn> Columns(bool isBinary) =>
        [new(ColumnNames.Novelty, ColumnKind.Single), new(ColumnNames.IsNovel, ColumnKind.Boolean)];

    public override FittedModel Fit(UncertaintyModel model, IDataView input)
    {
        var names = NoveltyNodes.Columns(model, scoreColumnNames);
        var rows = Scores(model, names, input);
        List<float[]> finite = [.. rows.Where(row => row.IsFinite).Select(row => row.Values)];
        var (tables, rate) = NoveltyNodes.Fit(names, finite, falseAlarmRate, isFixed: scoreColumnNames != null);
        var extension = new ModelExtension(model);
        var p = NoveltyNodes.Add(extension, "novelty", ColumnNames.Novelty, tables);
        var limit = extension.Graph.Constant("novelty/limit", [NoveltyNodes.Limit(tables, rate)], 1);
        extension.Node("LessOrEqual", ColumnNames.IsNovel, [p, limit]);
        return new FittedModel(extension.Give([.. Columns(isBinary: false)]).ToModel(), rows.Count - finite.Count);
    }

    private static List<ValidationScore> Scores(UncertaintyModel model, IReadOnlyList<string> names, IDataView input)
    {
        var extension = new ModelExtension(model);
        var scores = names.Select(name =>
        {
            var score = extension.Node("Identity", $"novelty/{name}/score", [extension.Number("novelty", name)]);
            extension.GiveSingle(score);
            return score;
        }).ToArray();
        return ValidationScore.Read(extension.ToModel(), input, null, scores);
    }
}
