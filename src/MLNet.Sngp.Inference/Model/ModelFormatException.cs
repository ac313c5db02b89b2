namespace MLNet.Sngp;

/// <summary>A file or stream does not hold a model that this library can use: it is foreign, damaged, or of a newer format.</summary>
/// <remarks>The message says what was found and what to do.</remarks>
public sealed class ModelFormatException : FormatException
{
    /// <summary>Creates the exception.</summary>
    /// <param name="message">What was found, and what to do.</param>
    /// <param name="innerException">What caused it, if anything did.</param>
    public ModelFormatException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
