using System.CommandLine;
using TwoMoons;

Option<bool> tutorial = new("--tutorial")
{
    Description = "Use the tutorial's learning rate (1e-4) and kernel scale (1) instead of the library's defaults.",
};
Option<int?> seed = new("--seed") { Description = "Run this seed alone." };
Option<int> seeds = new("--seeds")
{
    Description = "Run seeds 1 to N.",
    DefaultValueFactory = _ => 5,
};
Option<string?> output = new("--output")
{
    Description = "The folder to write to [default: artifacts/two-moons, with --tutorial artifacts/two-moons/tutorial].",
};
seeds.Validators.Add(result =>
{
    if (result.GetValueOrDefault<int>() < 1)
        result.AddError("--seeds must be at least 1.");
});

var command = new RootCommand("The two moons of the SNGP tutorial: train, measure, export to ONNX, draw.")
{
    tutorial, seed, seeds, output,
};
command.SetAction(arguments =>
{
    bool asTutorial = arguments.GetValue(tutorial);
    string defaultOutput = Path.Combine("artifacts", "two-moons", asTutorial ? "tutorial" : "");
    int[] chosen = arguments.GetValue(seed) is { } one ? [one] : [.. Enumerable.Range(1, arguments.GetValue(seeds))];
    Report.Run(new Settings(asTutorial, chosen, arguments.GetValue(output) ?? defaultOutput));
});
return command.Parse(args).Invoke();
