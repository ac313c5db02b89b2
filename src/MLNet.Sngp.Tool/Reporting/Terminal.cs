using Spectre.Console;

namespace MLNet.Sngp.Tool.Reporting;

/// <summary>Where a command writes to. Notes and progress appear only where a person sees them.</summary>
internal sealed class Terminal(TextWriter output, TextWriter error)
{
    public TextWriter Output { get; } = output;

    public TextWriter Error { get; } = error;

    public bool ShowsTables { get; } = ReferenceEquals(output, Console.Out) && !Console.IsOutputRedirected;

    public bool ShowsProgress { get; } = ReferenceEquals(error, Console.Error) && !Console.IsErrorRedirected;

    public IAnsiConsole ForError() => AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Error) });

    /// <summary>Says something that no program waits for.</summary>
    public void Note(string text)
    {
        if (ShowsProgress)
            Error.WriteLine(text);
    }

    /// <summary>Runs <paramref name="work"/> with a bar that it moves from 0 to 1, where a person sees it.</summary>
    public void WithProgress(string title, Action<Action<double, string>> work)
    {
        if (!ShowsProgress)
        {
            work((_, _) => { });
            return;
        }
        ForError().Progress().Start(context =>
        {
            var task = context.AddTask(Markup.Escape(title), maxValue: 1);
            work((value, text) =>
            {
                task.Value = value;
                task.Description = Markup.Escape(text);
            });
        });
    }
}
