using MLNet.Sngp.Data;
using MLNet.Sngp.Likelihoods;
using Microsoft.ML;
using Microsoft.ML.Runtime;

namespace MLNet.Sngp.Tests.Support;

/// <summary>Reads training tables as trainers do, and gives what their passes give.</summary>
internal static class SourceRows
{
    /// <summary>The rows of a view, as a trainer with this limit takes them; with the column Weight.</summary>
    public static RowSource Of(IDataView view, int? maximumRowsInMemory)
    {
        var options = new SngpOptions { ExampleWeightColumnName = "Weight", Head = NetworkHead.Dense, Backbone =
            new ResidualMlp { SpectralNormBound = null }, Training = { BatchSize = 1, MaximumRowsInMemory = maximumRowsInMemory } };
        using var channel = ((IHostEnvironment)new MLContext(1)).Register("test").Start("test");
        return new TrainingTableReader(TrainingColumns.Find(view.Schema, options, Categorical.Instance), options.Training)
            .Read(view, channel);
    }

    /// <summary>All features in the table's order.</summary>
    public static float[] Features(RowSource rows)
    {
        using var pass = rows.InOrder();
        return [.. Read(rows, pass, batchSize: 7).SelectMany(row => row.Features)];
    }

    /// <summary>The rows of a pass, which must fill all batches but the last.</summary>
    public static List<SourceRow> Read(RowSource rows, RowPass pass, int batchSize)
    {
        var batch = new RowBatch(rows, batchSize);
        var all = new List<SourceRow>();
        int count;
        do
        {
            count = pass.Read(batch);
            for (var i = 0; i < count; i++)
                all.Add(new(batch.FeaturesOf(i).ToArray(), batch.Labels[i], batch.Weights?[i] ?? 1));
        }
        while (count == batchSize);
        Assert.AreEqual(0, pass.Read(batch));
        return all;
    }
}

internal sealed record SourceRow(float[] Features, float Label, float Weight)
{
    /// <summary>Which row of a <see cref="GeneratedView"/> it is.</summary>
    public int Number => (int)Features[0];
}
