using System.Reflection;
using Microsoft.ML.Runtime;

namespace MLNet.Sngp.Training;

/// <summary>Asks a host whether ML.NET's context was told to cancel its execution.</summary>
/// <remarks>
/// ML.NET 5 says so in no public type: the interface, the method that throws and the hosts' class are internal, but the class's property is
/// public, so it is found by its name. See docs/decisions/0012-checkpoints-and-stopping.md.
/// </remarks>
internal static class HostCancellation
{
    private const string Property = "IsCanceled";

    /// <summary>Asks; null where the host does not say, and so is never cancelled.</summary>
    public static Func<bool>? TryWatch(IHost host)
    {
        var getter = host.GetType().GetProperty(Property, BindingFlags.Public | BindingFlags.Instance)?.GetMethod;
        return getter is { IsPublic: true } && getter.ReturnType == typeof(bool) ? getter.CreateDelegate<Func<bool>>(host) : null;
    }
}
