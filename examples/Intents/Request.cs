using Microsoft.ML.Data;

namespace Intents;

/// <summary>One row of the files.</summary>
public sealed class Request
{
    [LoadColumn(0)]
    public string Label { get; set; } = "";

    [LoadColumn(1)]
    public string Text { get; set; } = "";
}
