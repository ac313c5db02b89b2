using TorchSharp.Interop;

namespace TorchSharp;

/// <summary>Sets whether operations are recorded on this thread, and puts the old setting back when disposed.</summary>
internal sealed class AutoGradMode : IDisposable
{
    private readonly int _previous = Native.sngp_grad_mode_is_enabled();

    public AutoGradMode(bool enabled) => Native.sngp_grad_mode_set(enabled ? 1 : 0);

    public void Dispose() => Native.sngp_grad_mode_set(_previous);
}

internal sealed class InferenceMode(bool enabled) : IDisposable
{
    private nint _guard = Native.sngp_inference_mode_enter(enabled ? 1 : 0);

    public void Dispose()
    {
        if (_guard != 0) Native.sngp_inference_mode_leave(_guard);
        _guard = 0;
    }
}

public static partial class torch
{
    public static IDisposable no_grad() => new AutoGradMode(false);
    public static IDisposable enable_grad(bool enabled = true) => new AutoGradMode(enabled);
    public static IDisposable set_grad_enabled(bool mode = true) => new AutoGradMode(mode);
    public static bool is_grad_enabled() => Native.sngp_grad_mode_is_enabled() != 0;
    public static IDisposable inference_mode(bool mode = true) => new InferenceMode(mode);
    public static bool is_inference_mode_enabled() => Native.sngp_inference_mode_is_enabled() != 0;

    public static DisposeScope NewDisposeScope() => DisposeScopeManager.ThreadSingleton.NewDisposeScope();
    public static DisposeScope? CurrentDisposeScope => DisposeScopeManager.ThreadSingleton.CurrentDisposeScope;

    /// <summary>Evaluates <paramref name="expr"/> in a scope of its own; only the result outlives it.</summary>
    public static Tensor WrappedTensorDisposeScope(Func<Tensor> expr)
    {
        using var scope = NewDisposeScope();
        return expr().MoveToOuterDisposeScope();
    }

    public static int get_num_threads() => Native.sngp_get_num_threads();
    public static void set_num_threads(int num) => Native.Check(Native.sngp_set_num_threads(num));
    public static int get_num_interop_threads() => Native.sngp_get_num_interop_threads();
    public static void set_num_interop_threads(int num) => Native.Check(Native.sngp_set_num_interop_threads(num));

    // Errors are thrown where they happen, so none can be pending.
    public static void CheckForErrors() { }
}
