using System.Diagnostics;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Benchmarks.RealTables;

namespace MLNet.Sngp.Benchmarks.Updates;

/// <summary>A model that learns a region later: a quarter of a table by one of its features, of which the training had nothing.</summary>
internal sealed class UpdateTrial
{
    // Of the table's rows a region has this part at least.
    private const int FewestParts = 8;

    private readonly MLContext _ml;
    private readonly int _seed;
    private readonly CsvTable _table;

    private UpdateTrial(CsvTable table, int seed) => (_table, _seed, _ml) = (table, seed, new MLContext(seed));

    /// <summary>The model before, after, and one that is trained again on the rows of both.</summary>
    /// <param name="table">The table.</param>
    /// <param name="seed">Chooses the feature, the split and the training.</param>
    public static IEnumerable<UpdateResult> Run(CsvTable table, int seed) => new UpdateTrial(table, seed).Run();

    private UpdateResult[] Run()
    {
        Random random = new(_seed);
        int[] wide = [.. Enumerable.Range(0, _table.Features[0].Length).Where(j => Region(j).Length >= _table.Labels.Length / FewestParts)];
        if (wide.Length == 0)
            throw new InvalidOperationException($"No feature of {_table.Name} cuts a region off; leave the table out.");
        int[] rows = [.. Enumerable.Range(0, _table.Labels.Length)];
        random.Shuffle(rows);
        int[] region = [.. rows.Intersect(Region(wide[_seed % wide.Length]))], others = [.. rows.Except(region)];
        int[] train = others[..(others.Length * 3 / 4)], late = region[..(region.Length / 2)];
        var (held, test) = (View(region[late.Length..]), View(others[train.Length..]));

        var (model, seconds) = Timed(() => Train(View(train)));
        var (updated, updating) = Timed(() => _ml.Sngp().Update(model, View(late)));
        var (again, training) = Timed(() => Train(View([.. train, .. late])));
        return [Score("before", model, seconds), Score("updated", updated, updating), Score("trained again", again, training)];

        UpdateResult Score(string name, SngpTransformer scored, double time)
        {
            var (inside, outside) = (Measure(scored, held), Measure(scored, test));
            scored.Dispose();
            return new(_table.Name, name, inside.Accuracy, inside.Variance, outside.Accuracy, outside.Variance, time);
        }
    }

    /// <summary>The rows above the upper quartile of a feature.</summary>
    private int[] Region(int feature)
    {
        var limit = _table.Features.Select(row => row[feature]).Order().ElementAt(_table.Labels.Length * 3 / 4);
        return [.. Enumerable.Range(0, _table.Labels.Length).Where(row => _table.Features[row][feature] > limit)];
    }

    private SngpTransformer Train(IDataView rows) =>
        _ml.Sngp().Multiclass(new SngpOptions { Seed = _seed, Posterior = { Updatable = true } }).Fit(rows);

    private static (SngpTransformer Model, double Seconds) Timed(Func<SngpTransformer> make)
    {
        var clock = Stopwatch.StartNew();
        var model = make();
        return (model, clock.Elapsed.TotalSeconds);
    }

    private static (double Accuracy, double Variance) Measure(SngpTransformer model, IDataView rows)
    {
        var scored = model.Transform(rows);
        var hits = scored.GetColumn<uint>("Label").Zip(scored.GetColumn<uint>("PredictedLabel"), (label, own) => label == own ? 1.0 : 0);
        return (hits.Average(), scored.GetColumn<float>("Variance").Average());
    }

    private IDataView View(int[] rows)
    {
        var schema = SchemaDefinition.Create(typeof(TableSplit.Row));
        schema["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, _table.Features[0].Length);
        var data = _ml.Data.LoadFromEnumerable(rows.Select(row => new TableSplit.Row(_table.Labels[row], _table.Features[row])), schema);
        var classes = _table.Labels.Distinct().Order(StringComparer.Ordinal).Select(label => new TableSplit.Row(label, []));
        return _ml.Transforms.Conversion.MapValueToKey("Label",
            keyData: _ml.Transforms.SelectColumns("Label").Fit(data).Transform(_ml.Data.LoadFromEnumerable(classes, schema)))
            .Fit(data).Transform(data);
    }
}
