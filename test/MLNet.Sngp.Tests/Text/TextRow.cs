using Microsoft.ML;

namespace MLNet.Sngp.Tests.Text;

internal sealed class TextRow
{
    public string? Text { get; set; }

    public int Number { get; set; }

    public static IDataView Table(MLContext ml, params IEnumerable<string?> texts) =>
        ml.Data.LoadFromEnumerable(texts.Select((text, i) => new TextRow { Text = text, Number = i }).ToList());
}
