using System.CommandLine;
using Microsoft.ML;
using MLNet.Sngp.Tool.Models;
using MLNet.Sngp.Tool.Reporting;

namespace MLNet.Sngp.Tool.Commands;

/// <summary><c>evaluate</c>: how good a model is on a table with labels, and how well it tells another table apart.</summary>
internal static class EvaluateCommand
{
    public static Command Create(Terminal terminal)
    {
        var path = CommandParts.Model();
        var table = CommandParts.Table();
        Option<string> outOfDomain = new("--ood") { Description = "A table of rows from elsewhere; needs no labels." };
        var json = CommandParts.Json();
        var command = new Command("evaluate", "Measures a model on a table with labels.") { path, table, outOfDomain, json };
        command.SetAction(arguments =>
        {
            using var model = ModelFile.Load(arguments.GetRequiredValue(path));
            var file = CommandParts.Open(model, arguments.GetRequiredValue(table));
            var other = arguments.GetValue(outOfDomain) is { } name ? CommandParts.Open(model, name) : null;
            var source = TableQuality.Labelled(model, file);
            var scored = model.Transformer.Transform(source.Load());
            var report = new Report();
            foreach (var (key, value) in TableQuality.Measure(model, scored))
                report.Add(key, value);
            report.Add("rows without label", (source with { Label = null }).Count() - source.Count())
                .Add("rows rejected", file.FindRejected(source.Columns).Count);
            if (other != null)
                Detect(report, model, scored, model.Transformer.Transform(TableQuality.Unlabelled(model, other).Load()));
            report.Write(terminal, arguments.GetValue(json));
            return ExitCode.Success;
        });
        return command;
    }

    private static void Detect(Report report, ModelFile model, IDataView inDomain, IDataView outOfDomain)
    {
        var metrics = model.Context.Sngp().EvaluateOutOfDomain(inDomain, outOfDomain);
        report.Add("out-of-domain rows", metrics.OutOfDomainCount)
            .Add("AUROC", metrics.AreaUnderRocCurve)
            .Add("AUPR", metrics.AreaUnderPrecisionRecallCurve)
            .Add("FPR at 95 % TPR", metrics.FalsePositiveRateAt95TruePositiveRate)
            .Add($"mean {metrics.ColumnName} in domain", metrics.InDomainMean)
            .Add($"mean {metrics.ColumnName} out of domain", metrics.OutOfDomainMean);
    }
}
