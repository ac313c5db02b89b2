namespace MLNet.Sngp.Tool;

/// <summary>What the user must know and can mend, in one sentence.</summary>
internal sealed class ToolException(string message, Exception? innerException = null) : Exception(message, innerException);
