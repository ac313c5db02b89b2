using System.Diagnostics;
using MLNet.Sngp.Benchmarks.Measuring;

namespace MLNet.Sngp.Benchmarks.Works;

/// <summary>Notes when each epoch of a training ends, and can stop the training after some.</summary>
internal sealed class EpochClock(int enough = int.MaxValue) : IProgress<TrainingProgress>, IDisposable
{
    private readonly CancellationTokenSource _source = new();
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly List<double> _ends = [];

    /// <summary>The seconds of each epoch so far; the first one counts from the making of this clock.</summary>
    public IEnumerable<double> Epochs => _ends.Select((end, i) => i == 0 ? end : end - _ends[i - 1]);

    /// <summary>The seconds from the end of the last epoch until now.</summary>
    public double SinceLastEpoch => _clock.Elapsed.TotalSeconds - _ends[^1];

    /// <summary>The largest resident memory until the end of the last epoch, in 2²⁰ bytes.</summary>
    public double PeakMegabytes { get; private set; }

    public CancellationToken Enough => _source.Token;

    public void Report(TrainingProgress value)
    {
        _ends.Add(_clock.Elapsed.TotalSeconds);
        PeakMegabytes = ProcessState.PeakMegabytes();
        if (_ends.Count == enough)
            _source.Cancel();
    }

    public void Dispose() => _source.Dispose();
}
