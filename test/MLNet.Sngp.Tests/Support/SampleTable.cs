using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Tests.Support;

/// <summary>Tables with columns of several types beside the features.</summary>
internal static class SampleTable
{
    public static IDataView Create(MLContext context, int rows) => context.Data.LoadFromEnumerable(Rows(rows));

    public static List<SampleRow> Rows(int count) => [.. Enumerable.Range(0, count).Select(Row)];

    public static SampleRow Row(int id) => new()
    {
        Id = id,
        Name = "row " + id,
        Features = [MathF.Sin(id), MathF.Cos(3 * id), (id % 7) - 3f],
        Tail = [.. Enumerable.Range(0, id % 4).Select(i => (double)(id + i))],
        Flag = id % 2 == 0,
        Label = ((string[])["red", "green", "blue"])[id % 3],
    };
}

internal sealed class SampleRow
{
    public int Id { get; set; }

    public string Name { get; set; } = "";

    [VectorType(SmallModel.Features)]
    public float[] Features { get; set; } = [];

    public double[] Tail { get; set; } = [];

    public bool Flag { get; set; }

    public string Label { get; set; } = "";
}

internal sealed class ScoredSample
{
    public int Id { get; set; }

    public uint PredictedLabel { get; set; }

    public float[] Score { get; set; } = [];

    public float Variance { get; set; }

    public float[] Logits { get; set; } = [];

    public float Uncertainty { get; set; }
}
