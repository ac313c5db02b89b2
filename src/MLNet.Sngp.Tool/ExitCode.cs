namespace MLNet.Sngp.Tool;

/// <summary>What the process ends with; docs/tool.md lists them.</summary>
internal static class ExitCode
{
    public const int Success = 0;
    public const int Failure = 1;
    public const int Usage = 2;
    public const int RejectedRows = 3;
    public const int Cancelled = 130;
}
