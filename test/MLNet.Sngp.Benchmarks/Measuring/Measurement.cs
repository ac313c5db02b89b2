using System.Text.Json;
using System.Text.Json.Serialization;

namespace MLNet.Sngp.Benchmarks.Measuring;

/// <summary>What one process measured; printed as one line of JSON, the same for the library and its peers.</summary>
/// <param name="Work">The name of the work.</param>
/// <param name="Implementation">Who did it.</param>
/// <param name="Value">The time or the rate.</param>
/// <param name="Unit">s, ms or rows/s.</param>
/// <param name="Threads">The threads that libtorch would use; where it was not loaded, the processors.</param>
/// <param name="PeakMegabytes">The largest resident memory of the process, in 2²⁰ bytes.</param>
/// <param name="Libraries">The OpenMP runtimes and BLAS libraries in the process.</param>
internal sealed record Measurement(
    string Work,
    string Implementation,
    double Value,
    string Unit,
    int Threads,
    double PeakMegabytes,
    IReadOnlyList<string> Libraries)
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>Further figures by name, of works that have more than one.</summary>
    public IReadOnlyDictionary<string, double>? Details { get; init; }

    /// <summary>Whether more is better.</summary>
    [JsonIgnore]
    public bool IsRate => Unit.EndsWith("/s", StringComparison.Ordinal);

    public static Measurement Parse(string line) =>
        JsonSerializer.Deserialize<Measurement>(line, Format) ?? throw new FormatException($"'{line}' is no measurement.");

    public override string ToString() => JsonSerializer.Serialize(this, Format);
}
