using Microsoft.ML;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Decisions;

/// <summary>Adds <c>PredictionSet</c> and <c>SetSize</c>.</summary>
/// <remarks>
/// Adaptive prediction sets (Romano, Sesia and Candès 2020, arXiv 2006.02544), regularised (Angelopoulos et al. 2021, arXiv 2009.14193),
/// without
/// their randomisation: the score of a class is the sum of the probabilities of the classes before it, the most probable first, and
/// λ·max(0, rank − k). The set holds the classes whose score is at or below the conformal quantile of the scores of the true classes; the
/// most
/// probable class scores 0, so no set is empty. A novel row may be of any class: where the model is right more often than asked, the
/// quantile
/// is 0 and would give a row far outside a set of one. More classes cover no less.
/// </remarks>
internal sealed class ConformalSetStep(
    double coverage, bool perClass, string labelColumnName, double penalty, int unpenalizedClasses) : FittedStep
{
    private const string Prefix = "sets";

    public override string Name => "ConformalSets";

    public override string LabelColumnName => labelColumnName;

    public override IReadOnlyList<OutputColumn> Columns(bool isBinary) =>
    [
        new(ColumnNames.PredictionSet, ColumnKind.Boolean, IsVector: true, HasClassNames: !isBinary),
        new(ColumnNames.SetSize, ColumnKind.Single),
    ];

    public override FittedModel Fit(UncertaintyModel model, IDataView input)
    {
        var classes = model.IsBinary ? 2 : model.NumberOfClasses;
        var names = NoveltyNodes.Columns(model, null);
        var rows = Read(model, classes, names, input);
        List<ValidationScore> usable = [.. rows.Where(row => row.Label >= 0 && row.IsFinite)];
        var quantiles = Quantiles(model, classes, usable);
        var (tables, rate) = NoveltyNodes.Fit(names, [.. usable.Select(row => row.Values[classes..])], rate: null, isFixed: false);

        var extension = new ModelExtension(model);
        var isOut = extension.Node("Greater", Prefix + "/is_out",
            [AddScores(extension, classes), extension.Graph.Constant(Prefix + "/quantiles", quantiles, 1, classes)]);
        // NaN is in: nothing is ruled out for such a row.
        var isIn = extension.Node("Not", Prefix + "/is_in", [isOut]);
        var isNovel = extension.Node("LessOrEqual", Prefix + "/is_novel", [NoveltyNodes.Add(extension, Prefix, Prefix + "/p", tables),
            extension.Graph.Constant(Prefix + "/limit", [NoveltyNodes.Limit(tables, rate)], 1)]);
        extension.Node("Or", ColumnNames.PredictionSet, [isIn, isNovel]);
        extension.Node("Identity", ColumnNames.SetSize, [extension.Count(ColumnNames.PredictionSet, Prefix + "/size")]);
        var columns = Columns(model.IsBinary);
        extension.Give(columns[0] with { Width = classes }, columns[1]);
        return new FittedModel(extension.ToModel(), rows.Count(row => row.Label >= 0 && !row.IsFinite));
    }

    /// <summary>For each row the scores of the classes and those of novelty.</summary>
    private List<ValidationScore> Read(UncertaintyModel model, int classes, IReadOnlyList<string> names, IDataView input)
    {
        var extension = new ModelExtension(model);
        extension.Give(new OutputColumn(AddScores(extension, classes), ColumnKind.Single, classes, IsVector: true));
        var novelty = names.Select(name => extension.Node("Identity", $"{Prefix}/{name}/score", [extension.Number(Prefix, name)])).ToList();
        novelty.ForEach(name => extension.GiveSingle(name));
        return ValidationScore.Read(extension.ToModel(), input, labelColumnName, [Prefix + "/scores", .. novelty]);
    }

    /// <summary>The quantile for each class: of its own rows, or of all.</summary>
    private float[] Quantiles(UncertaintyModel model, int classes, List<ValidationScore> rows)
    {
        if (!perClass)
            return [.. Enumerable.Repeat(Quantile(rows, ""), classes)];
        return [.. Enumerable.Range(0, classes).Select(k => Quantile(rows.FindAll(row => row.Label == k), $" of the class '{NameOf(k)}'"))];

        string NameOf(int k) => model.IsBinary ? (k == 0 ? "false" : "true") : model.Labels.Names[k];
    }

    private float Quantile(List<ValidationScore> rows, string of) =>
        ConformalQuantile.Of([.. rows.Select(row => row.Values[row.Label])], coverage, nameof(coverage), of);

    /// <summary>Adds the scores of all classes, shape [N, K]; NaN where a probability is.</summary>
    private string AddScores(ModelExtension extension, int classes)
    {
        var probabilities = AddProbabilities(extension);
        var sorted = extension.Graph.Nodes("TopK", [Prefix + "/sorted", Prefix + "/places"],
            [probabilities, extension.Graph.Constant(Prefix + "/classes", [(long)classes], 1)], [OnnxAttribute.Of("axis", 1L)]);
        var before = extension.Node("CumSum", Prefix + "/before",
            [sorted[0], extension.Graph.Constant(Prefix + "/axis", [1L])], OnnxAttribute.Of("exclusive", 1L));
        var penalties = Enumerable.Range(1, classes).Select(rank => (float)(penalty * Math.Max(0, rank - unpenalizedClasses))).ToArray();
        var penalized = extension.Node("Add", Prefix + "/penalized",
            [before, extension.Graph.Constant(Prefix + "/penalties", penalties, 1, classes)]);
        var placed =
            extension.Node("ScatterElements", Prefix + "/placed", [probabilities, sorted[1], penalized], OnnxAttribute.Of("axis", 1L));
        return extension.Node("Add", Prefix + "/scores", [placed, extension.Poison(probabilities, Prefix + "/poison")]);
    }

    private static string AddProbabilities(ModelExtension extension)
    {
        if (!extension.Model.IsBinary)
            return ColumnNames.Score;
        var rest = extension.Node("Sub", Prefix + "/false", [extension.Graph.Constant(Prefix + "/one", [1f], 1), ColumnNames.Probability]);
        return extension.Node("Concat", Prefix + "/probabilities", [rest, ColumnNames.Probability], OnnxAttribute.Of("axis", 1L));
    }
}
