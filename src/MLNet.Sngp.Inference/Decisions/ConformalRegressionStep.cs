using Microsoft.ML;
using MLNet.Sngp.Evaluation;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Scoring;

namespace MLNet.Sngp.Decisions;

/// <summary>Sets <c>Lower</c> and <c>Upper</c> anew.</summary>
/// <remarks>Split conformal prediction by the normalised residual |y − Score|/s with s² = Variance + NoiseVariance: Lei et al. 2018,
/// section
/// 5.2. The interval is Score ± q·s, q the conformal quantile of the validation rows.</remarks>
internal sealed class ConformalRegressionStep(double coverage, string labelColumnName) : FittedStep
{
    private const string Prefix = "interval";
    private static readonly string[] Ends = [ColumnNames.Lower, ColumnNames.Upper];

    public override string Name => "ConformalRegression";

    public override string LabelColumnName => labelColumnName;

    public override bool TakesNumbers => true;

    public override bool Replaces => true;

    public override IReadOnlyList<OutputColumn> Columns(bool isBinary) =>
        [new(ColumnNames.Lower, ColumnKind.Single), new(ColumnNames.Upper, ColumnKind.Single)];

    public override FittedModel Fit(UncertaintyModel model, IDataView input)
    {
        if (!model.IsRegression)
        {
            throw new ArgumentException(
                "The model is a classifier, which has no interval. Take ConformalSets, which gives the classes that a row may belong to.",
                nameof(input));
        }
        var (residuals, unscored) = Residuals(model, input);
        var extension = new ModelExtension(model, Ends);
        var quantile = extension.Graph.Constant(
            Prefix + "/quantile", [ConformalQuantile.Of(residuals, coverage, nameof(coverage))], 1);
        var reach = extension.Node("Mul", Prefix + "/reach", [AddDeviation(extension, Prefix), quantile]);
        extension.Node("Sub", ColumnNames.Lower, [ColumnNames.Score, reach]);
        extension.Node("Add", ColumnNames.Upper, [ColumnNames.Score, reach]);
        return new FittedModel(extension.ToModel(), unscored);
    }

    private (float[] Residuals, int Unscored) Residuals(UncertaintyModel model, IDataView input)
    {
        var extension = new ModelExtension(model);
        extension.GiveSingle(AddDeviation(extension, "residual"));
        using var scorer = new OnnxScorer(extension.ToModel());
        var view = new ScoredDataView(input, scorer);
        var rows = NumberColumn.Rows(view, NumberColumn.Find(view, "label", labelColumnName), view.Schema[ColumnNames.Score],
            view.Schema["residual/deviation"]);
        var (residuals, unscored) = (new List<float>(), 0);
        foreach (var row in rows)
        {
            var (label, residual) = (row[0], (float)(Math.Abs(row[0] - row[1]) / row[2]));
            if (float.IsFinite(residual))
                residuals.Add(residual);
            else if (double.IsFinite(label))
                unscored++;
        }
        return ([.. residuals], unscored);
    }

    private static string AddDeviation(ModelExtension extension, string prefix)
    {
        var hasVariance = extension.Model.Gives(ColumnNames.Variance);
        return extension.Node("Sqrt", prefix + "/deviation", [hasVariance
            ? extension.Node("Add", prefix + "/total", [ColumnNames.Variance, ColumnNames.NoiseVariance])
            : ColumnNames.NoiseVariance]);
    }
}
