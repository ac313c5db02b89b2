using System.CommandLine;
using TwoMoons;

Option<bool> tutorial = new("--tutorial")
{
    Description = "Use the tutorial's settings (6 layers, 100 epochs, learning rate 1e-4, kernel scale 1) instead of the defaults.",
};
Option<bool> compare = new("--compare")
{
    Description = "Compare all methods of the tutorial on the same data instead of looking at SNGP alone.",
};
Option<string[]> method = new("--method")
{
    Description = "Compare these methods only.",
    AllowMultipleArgumentsPerToken = true,
};
method.AcceptOnlyFromAmong([.. Method.All.Select(known => known.Name)]);
Option<int?> seed = new("--seed") { Description = "Run this seed alone." };
Option<int?> seeds = new("--seeds") { Description = "Run seeds 1 to N [default: 5, in a comparison 1]." };
Option<string?> output = new("--output")
{
    Description = "The folder to write to [default: artifacts/two-moons, and in it tutorial with --tutorial, comparison with --compare].",
};
seeds.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int?>() < 1)
        result.AddError("--seeds must be at least 1.");
});

var command = new RootCommand("The two moons of the SNGP tutorial: train, measure, export to ONNX, draw.")
{
    tutorial, compare, method, seed, seeds, output,
};
command.SetAction(arguments =>
{
    bool asTutorial = arguments.GetValue(tutorial);
    string[] named = arguments.GetValue(method) ?? [];
    bool asComparison = arguments.GetValue(compare) || named.Length > 0;
    string defaultOutput = Path.Combine("artifacts", "two-moons", asTutorial ? "tutorial" : "", asComparison ? "comparison" : "");
    int numberOfSeeds = arguments.GetValue(seeds) ?? (asComparison ? 1 : 5);
    int[] chosen = arguments.GetValue(seed) is { } one ? [one] : [.. Enumerable.Range(1, numberOfSeeds)];
    Method[] methods = [.. Method.All.Where(known => named.Length == 0 || named.Contains(known.Name))];
    var settings = new Settings(asTutorial, methods, chosen, arguments.GetValue(output) ?? defaultOutput);
    if (asComparison)
        Comparison.Run(settings);
    else
        Report.Run(settings);
});
return command.Parse(args).Invoke();
