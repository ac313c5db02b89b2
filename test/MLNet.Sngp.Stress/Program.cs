using System.CommandLine;
using System.Globalization;
using MLNet.Sngp.Stress;

// What takes too long for the test suite. Each scenario runs in a process of its own, prints "name: figures ok" and ends with 0,
// or prints "name: FAILED what" and ends with 1.
if (args is ["worker", var worker, .. var rest])
    return Runner.RunHere(worker, rest);

Argument<string[]> names = new("scenarios") { Description = "Which scenarios to run; all where none is named.", DefaultValueFactory = _ =>
    [.. Scenario.All.Keys] };
names.AcceptOnlyFromAmong([.. Scenario.All.Keys]);
Option<double> scale =
    new("--scale") { Description = "Times the usual rounds: 0.01 for a quick look, 10 for a long night.", DefaultValueFactory = _ => 1 };
Option<double?> minutes = new("--minutes") { Description = "How long the scenarios run that are measured in minutes (collector)." };
Option<string> folder = new("--folder") { Description = "Where files that broke something are kept.", DefaultValueFactory = _ =>
    Path.Combine("artifacts", "stress") };
RootCommand root = new("Fuzzing, kills, threads, long life and serving.") { names, scale, minutes, folder };
root.SetAction(arguments => Runner.Run(
    arguments.GetValue(names)!,
    arguments.GetValue(minutes) is { } given ? ["--minutes", given.ToString(CultureInfo.InvariantCulture)] : [],
    arguments.GetValue(scale),
    arguments.GetValue(folder)!));
return root.Parse(args).Invoke();
