using System;
using System.Diagnostics;

namespace Microsoft.ML.Runtime;

/// <summary>Hands messages to <see cref="MLContext.Log"/>; tells there when it starts and ends, at trace level.</summary>
internal sealed class Channel : IChannel
{
    private readonly HostEnvironment _host;
    private readonly string _fullName;
    private readonly Stopwatch _watch = Stopwatch.StartNew();
    private bool _disposed;

    public Channel(HostEnvironment host, string name)
    {
        _host = host;
        _fullName = host.FullName == null ? name : $"{host.FullName}; {name}";
        Trace(MessageSensitivity.None, "Channel started");
    }

    public string ContextDescription => _fullName;

    public void Trace(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Trace, sensitivity, fmt, null);

    public void Trace(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(ChannelMessageKind.Trace, sensitivity, fmt, args);

    public void Error(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Error, sensitivity, fmt, null);

    public void Error(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(ChannelMessageKind.Error, sensitivity, fmt, args);

    public void Warning(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Warning, sensitivity, fmt, null);

    public void Warning(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(ChannelMessageKind.Warning, sensitivity, fmt, args);

    public void Info(MessageSensitivity sensitivity, string fmt) => Send(ChannelMessageKind.Info, sensitivity, fmt, null);

    public void Info(MessageSensitivity sensitivity, string fmt, params object[] args) => Send(ChannelMessageKind.Info, sensitivity, fmt, args);

    public void Send(ChannelMessage msg) => _host.Root.Listener?.Invoke(_fullName, msg);

    public TException Process<TException>(TException ex) where TException : Exception
    {
        _host.Process(ex);
        if (ex != null)
            ex.Data["Phase"] = _fullName;
        return ex;
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Trace(MessageSensitivity.None, "Channel finished. Elapsed {0:c}.", _watch.Elapsed);
        Trace(MessageSensitivity.None, "Channel disposed");
    }

    private void Send(ChannelMessageKind kind, MessageSensitivity sensitivity, string format, object[] args)
    {
        if (args is { Length: 0 })
            throw new ArgumentOutOfRangeException(nameof(args), "args cannot be null or empty");
        Send(new ChannelMessage(kind, sensitivity, format, args));
    }
}

/// <summary>
/// Progress goes to the environment's tracker, which an <see cref="MLContext"/> shows nowhere (only ML.NET's console does);
/// what a caller can see are the checks of its calls.
/// </summary>
internal sealed class ProgressChannel : IProgressChannel
{
    private ProgressHeader _header = new();
    private bool _disposed;

    public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction) => _header = header;

    public void Checkpoint(params double?[] values)
    {
        Contracts.Check(!_disposed, "Can't report checkpoints after disposing");
        var most = _header.MetricNames.Count + 2 * _header.UnitNames.Count;
        Contracts.Check((values?.Length ?? 0) <= most, "Too many values provided in Checkpoint");
    }

    /// <summary>What channels below this one report is not looked at, as in ML.NET.</summary>
    public IProgressChannel StartProgressChannel(string name) => new SilentProgressChannel();

    public void Dispose() => _disposed = true;
}

internal sealed class SilentProgressChannel : IProgressChannel
{
    public void SetHeader(ProgressHeader header, Action<IProgressEntry> fillAction) { }

    public void Checkpoint(params double?[] values) { }

    public IProgressChannel StartProgressChannel(string name) => new SilentProgressChannel();

    public void Dispose() { }
}
