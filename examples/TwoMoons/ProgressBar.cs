using System.Globalization;
using MLNet.Sngp;

namespace TwoMoons;

/// <summary>One line on the terminal that fills up while a model is trained, and is wiped at the end.</summary>
internal sealed class ProgressBar(string title) : IProgress<TrainingProgress>, IDisposable
{
    private const int Width = 40;
    private string _shown = "";

    /// <summary>A bar, or nothing where output goes to a file: a file should not fill with half lines.</summary>
    public static ProgressBar? OnTerminal(string title) => Console.IsOutputRedirected ? null : new ProgressBar(title);

    /// <inheritdoc/>
    public void Report(TrainingProgress value)
    {
        int filled = Width * value.Epoch / value.NumberOfEpochs;
        Show(string.Create(CultureInfo.InvariantCulture,
            $"{title} [{new string('#', filled)}{new string('.', Width - filled)}] "
            + $"epoch {value.Epoch}/{value.NumberOfEpochs}  loss {value.Loss:0.0000}"));
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Show("");
        Console.Write('\r');
    }

    private void Show(string line)
    {
        if (line == _shown)
            return;
        Console.Write('\r' + line.PadRight(_shown.Length));
        _shown = line;
    }
}
