namespace MLNet.Sngp;

/// <summary>The native libraries that training runs on, libtorch and TorchSharp's own, could not be loaded. The first sentence says why,
/// the next what to do.</summary>
/// <remarks>Thrown by <c>Fit</c> before any row is read. Scoring, evaluation and export need no libtorch.</remarks>
public sealed class LibTorchException : InvalidOperationException
{
    internal LibTorchException(string message, Exception inner)
        : base(message, inner)
    {
    }
}
