using System.CommandLine;
using Microsoft.ML.Data;
using MLNet.Sngp.Tool.Models;
using MLNet.Sngp.Tool.Reporting;
using MLNet.Sngp.Tool.Tables;

namespace MLNet.Sngp.Tool.Commands;

/// <summary><c>explain</c>: permutation importance of each column of the table, for the quality and for the variance.</summary>
internal static class ExplainCommand
{
    public static Command Create(Terminal terminal)
    {
        var path = CommandParts.Model();
        var table = CommandParts.Table();
        Option<int> most = new("--rows") { Description = "How many rows are drawn at most.", DefaultValueFactory = _ => 2000 };
        var json = CommandParts.Json();
        var command = new Command("explain", "Shuffles one column after the other and says how much worse the model gets.")
            { path, table, most, json };
        command.SetAction((arguments, cancellation) => Task.Run(() =>
        {
            using var model = ModelFile.Load(arguments.GetRequiredValue(path));
            var file = CommandParts.Open(model, arguments.GetRequiredValue(table));
            var source = TableQuality.Labelled(model, file) with { MaximumRows = arguments.GetValue(most) };
            Explain(terminal, model, source, cancellation).Write(terminal, arguments.GetValue(json));
            return ExitCode.Success;
        }, CancellationToken.None));
        return command;
    }

    private static Report Explain(Terminal terminal, ModelFile model, RowSource source, CancellationToken cancellation)
    {
        string[] names = model.Card.IsRegression ? ["RMSE", "negative log-likelihood"] : ["accuracy", "log-loss"];
        List<ColumnPlan> features = [.. model.Card.Features()];
        var whole = Measure(model, source);
        List<IReadOnlyDictionary<string, object?>> rows = [];
        terminal.WithProgress("explaining", move =>
        {
            foreach (var feature in features)
            {
                cancellation.ThrowIfCancellationRequested();
                move((double)rows.Count / features.Count, feature.Name);
                var shuffled = Measure(model, source with { Shuffled = feature });
                Dictionary<string, object?> row = new() { ["column"] = feature.Name };
                foreach (var name in names.Append("mean variance"))
                    row["change of " + name] = shuffled[name] - whole[name];
                rows.Add(row);
            }
        });
        var report = new Report().Add("rows measured", whole["rows"]);
        foreach (var name in names.Append("mean variance"))
            report.Add(name, whole[name]);
        return report.AddTable("importance", rows.OrderByDescending(row => (double)row["change of " + names[1]]!));
    }

    private static Dictionary<string, double> Measure(ModelFile model, RowSource source)
    {
        var scored = model.Context.Data.Cache(model.Transformer.Transform(source.Load()));
        var quality = TableQuality.Measure(model, scored);
        quality["mean variance"] = scored.GetColumn<float>("Variance").Average(value => (double)value);
        return quality;
    }
}
