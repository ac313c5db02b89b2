using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Tests.Support;

/// <summary>A table with columns of many types, some values missing, and names that a model's graph uses too.</summary>
internal static class WeatherTable
{
    private static readonly string[] Skies = ["clear", "cloudy", "fog", ""];

    public static IDataView Create(MLContext context, int rows, int seed = 1) => context.Data.LoadFromEnumerable(Rows(rows, seed));

    public static List<WeatherRow> Rows(int count, int seed = 1)
    {
        var random = new Random(seed);
        return [.. Enumerable.Range(0, count).Select(i => Row(random, i))];
    }

    private static WeatherRow Row(Random random, int i)
    {
        var row = new WeatherRow
        {
            Date = new DateTime(2020, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddHours(i),
            Temperature = i % 11 == 3 ? float.NaN : 12 + (10 * (float)random.NextDouble()),
            Pressure = 1000 + (30 * random.NextDouble()),
            Score = (float)random.NextDouble(),
            Sky = Skies[random.Next(Skies.Length)],
            Month = 1 + random.Next(12),
            Windy = random.Next(2) == 0,
            Signs = [Skies[i % 3], Skies[i % 2]],
            Grid = [.. Enumerable.Range(0, 6).Select(j => (float)((i * j) % 5))],
            Station = [(float)random.NextDouble(), i % 17 == 5 ? float.NaN : (float)random.NextDouble()],
        };
        row.Rain = row.Sky != "clear" && row.Pressure < 1020 && !(row.Temperature > 20);
        row.Label = row.Rain ? row.Temperature < 15 ? "heavy" : "light" : "none";
        row.Amount = row.Label switch { "heavy" => 10, "light" => 1, _ => 0 };
        return row;
    }
}

internal sealed class WeatherRow
{
    public DateTime Date { get; set; }

    public float Temperature { get; set; }

    public double Pressure { get; set; }

    public float Score { get; set; }

    public string Sky { get; set; } = "";

    public int Month { get; set; }

    public bool Windy { get; set; }

    [VectorType(2)]
    public string[] Signs { get; set; } = [];

    [VectorType(2, 3)]
    public float[] Grid { get; set; } = [];

    [VectorType(2)]
    public float[] Station { get; set; } = [];

    public string Label { get; set; } = "";

    public bool Rain { get; set; }

    public float Amount { get; set; }
}
