using MLNet.Sngp.Stress;

// One scenario a call: MLNet.Sngp.Stress <name> [arguments]. Without a name: the names, one a line.
// Prints "name: figures ok" and ends with 0, or "name: FAILED what" and ends with 1.
if (args.Length == 0)
{
    foreach (var name in Scenario.All.Keys)
        Console.WriteLine(name);
    return 0;
}
if (!Scenario.All.TryGetValue(args[0], out var scenario) && !Scenario.Workers.TryGetValue(args[0], out scenario))
{
    Console.Error.WriteLine($"There is no scenario '{args[0]}'. There are: {string.Join(", ", Scenario.All.Keys)}.");
    return 2;
}
try
{
    Console.WriteLine($"{args[0]}: {scenario(args[1..])} ok");
    return 0;
}
catch (Exception exception)
{
    Console.WriteLine($"{args[0]}: FAILED {exception}");
    return 1;
}
