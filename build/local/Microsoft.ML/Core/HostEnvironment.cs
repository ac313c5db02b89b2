using System;
using System.Collections.Generic;

namespace Microsoft.ML.Runtime;

/// <summary>An environment whose hosts and cursors can be told to stop.</summary>
internal interface ICancelable
{
    bool IsCanceled { get; }

    void CancelExecution();
}

/// <summary>What all hosts of one <see cref="MLContext"/> share.</summary>
internal sealed class EnvironmentRoot
{
    public ComponentCatalog ComponentCatalog { get; } = new();

    public Dictionary<string, object> Options { get; } = [];

    public string TempFilePath { get; set; } = System.IO.Path.GetTempPath();

    public bool FallbackToCpu { get; set; }

    public int? GpuDeviceId { get; set; }

    public int? Seed { get; init; }

    /// <summary>Called with the source's full name and the message.</summary>
    public Action<string, ChannelMessage> Listener { get; set; }
}

/// <summary>The environment, and (registered under a name) a host in it.</summary>
internal sealed class HostEnvironment : IHost, ICancelable
{
    private readonly object _lock = new();
    private readonly List<WeakReference<HostEnvironment>> _children = [];
    private readonly TauswortheRandom _random;
    private readonly HostEnvironment _parent;
    private readonly string _name;

    public HostEnvironment(int? seed)
    {
        Root = new EnvironmentRoot { Seed = seed };
        _random = RandomUtils.Create(seed);
    }

    private HostEnvironment(HostEnvironment parent, string name, string parentFullName, TauswortheRandom random)
    {
        Root = parent.Root;
        _parent = parent;
        _name = name;
        _random = random;
        FullName = parentFullName == null ? name : $"{parentFullName}; {name}";
        IsCanceled = parent.IsCanceled;
    }

    public EnvironmentRoot Root { get; }

    /// <summary>Null for the environment itself.</summary>
    public string FullName { get; }

    public bool IsCanceled { get; private set; }

    public Random Rand => _random;

    public ComponentCatalog ComponentCatalog => Root.ComponentCatalog;

    public string ContextDescription => FullName ?? "HostEnvironment";

    public IHost Register(string name, int? seed = null, bool? verbose = null)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        lock (_lock)
        {
            _children.RemoveAll(c => !c.TryGetTarget(out _));
            // A host's generator is drawn from its parent's, so the order of registrations matters, as it does in ML.NET.
            var random = seed.HasValue ? RandomUtils.Create(seed) : RandomUtils.Create(_random);
            var host = new HostEnvironment(this, name, _parent?.FullName, random);
            _children.Add(new WeakReference<HostEnvironment>(host));
            return host;
        }
    }

    public IChannel Start(string name) => new Channel(this, name);

    public IPipe<TMessage> StartPipe<TMessage>(string name)
        => typeof(TMessage) == typeof(ChannelMessage) ? (IPipe<TMessage>)(object)new Channel(this, name) : new SilentPipe<TMessage>(this);

    public IProgressChannel StartProgressChannel(string name)
    {
        Contracts.CheckNonEmpty(name, nameof(name));
        return new ProgressChannel();
    }

    public TException Process<TException>(TException ex) where TException : Exception
    {
        if (ex != null)
            ex.Data["Throwing component"] = _name ?? "Environment";
        return ex;
    }

    public void CancelExecution()
    {
        lock (_lock)
        {
            foreach (var child in _children)
                if (child.TryGetTarget(out var host))
                    host.CancelExecution();
            _children.Clear();
            IsCanceled = true;
        }
    }
}

/// <summary>Nobody can listen to messages of another type than <see cref="ChannelMessage"/> through a public door.</summary>
internal sealed class SilentPipe<TMessage>(IExceptionContext context) : IPipe<TMessage>
{
    public string ContextDescription => context.ContextDescription;

    public TException Process<TException>(TException ex) where TException : Exception => context.Process(ex);

    public void Send(TMessage msg) { }

    public void Dispose() { }
}
