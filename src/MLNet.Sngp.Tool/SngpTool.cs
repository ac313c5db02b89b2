using System.CommandLine;
using DuckDB.NET.Data;
using MLNet.Sngp.Tool.Commands;
using MLNet.Sngp.Tool.Reporting;

namespace MLNet.Sngp.Tool;

/// <summary>The command <c>sngp</c>.</summary>
public static class SngpTool
{
    /// <summary>Runs one command.</summary>
    /// <param name="arguments">What stands after <c>sngp</c>.</param>
    /// <param name="output">Takes results.</param>
    /// <param name="error">Takes errors, and notes and progress where it is the terminal.</param>
    /// <param name="cancellationToken">Ends the command early, as Ctrl-C does.</param>
    /// <returns>The exit code: 0, 1 for an error, 2 for wrong arguments, 3 when rows were rejected, 130 when cancelled.</returns>
    public static async Task<int> RunAsync(
        string[] arguments, TextWriter output, TextWriter error, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(arguments);
        var terminal = new Terminal(output, error);
        RootCommand root = new("Trains, scores and explains models that know when they do not know, from tables in files.")
        {
            TrainCommand.Create(terminal),
            ScoreCommand.Create(terminal),
            EvaluateCommand.Create(terminal),
            InspectCommand.Create(terminal),
            OnnxCommand.Create(terminal),
            ExplainCommand.Create(terminal),
        };
        var parsed = root.Parse(arguments);
        InvocationConfiguration configuration = new()
        {
            Output = output,
            Error = error,
            EnableDefaultExceptionHandler = false,
            // What is written when Ctrl-C comes is written to the end.
            ProcessTerminationTimeout = TimeSpan.FromSeconds(30),
        };
        if (parsed.Errors.Count > 0)
        {
            var command = parsed.CommandResult.Command is RootCommand ? "" : parsed.CommandResult.Command.Name + " ";
            error.WriteLine($"sngp: {parsed.Errors[0].Message} 'sngp {command}--help' lists what there is.");
            return ExitCode.Usage;
        }
        try
        {
            return await parsed.InvokeAsync(configuration, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            error.WriteLine("sngp: cancelled.");
            return ExitCode.Cancelled;
        }
        catch (Exception exception) when (IsOfTheInput(exception))
        {
            error.WriteLine("sngp: " + OneLine(exception.Message));
            return ExitCode.Failure;
        }
    }

    // What ML.NET and this library throw for data that they cannot take; anything else is a mistake of the tool and shows its stack.
    private static bool IsOfTheInput(Exception exception) => exception
        is ToolException or IOException or UnauthorizedAccessException or FormatException or ArgumentException
        or InvalidOperationException or NotSupportedException or DuckDBException;

    private static string OneLine(string message) =>
        string.Join(' ', message.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
}
