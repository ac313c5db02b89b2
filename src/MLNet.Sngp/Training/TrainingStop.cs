using Microsoft.ML.Runtime;

namespace MLNet.Sngp.Training;

/// <summary>Tells a training to stop: by the options' token, or because ML.NET's context was told to cancel its execution.</summary>
/// <remarks>Safe for use by several threads.</remarks>
internal sealed class TrainingStop : IDisposable
{
    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(50);
    private readonly CancellationTokenSource _source;
    private readonly Func<bool>? _isHostCancelled;
    private readonly Timer? _timer;

    /// <param name="host">The trainer's host.</param>
    /// <param name="token">The user's token.</param>
    /// <exception cref="OperationCanceledException">The context is cancelled already.</exception>
    public TrainingStop(IHost host, CancellationToken token)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(token);
        _isHostCancelled = HostCancellation.TryWatch(host);
        ThrowIfRequested();
        // For what knows the token alone, such as reading the table.
        _timer = _isHostCancelled is null ? null : new Timer(_ => Poll(), null, Period, Period);
    }

    /// <summary>Is cancelled when the training is to stop.</summary>
    public CancellationToken Token => _source.Token;

    /// <exception cref="OperationCanceledException">The training is to stop.</exception>
    public void ThrowIfRequested()
    {
        Poll();
        _source.Token.ThrowIfCancellationRequested();
    }

    public void Dispose()
    {
        if (_timer != null)
        {
            // No call may come once the source is gone.
            using var ended = new ManualResetEvent(false);
            if (_timer.Dispose(ended))
                ended.WaitOne();
        }
        _source.Dispose();
    }

    private void Poll()
    {
        if (_isHostCancelled?.Invoke() == true)
            _source.Cancel();
    }
}
