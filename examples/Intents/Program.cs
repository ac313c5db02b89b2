using System.CommandLine;
using System.Diagnostics;
using System.Text.Json;
using Intents;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp;

Option<DirectoryInfo> folder = new("--intents")
{
    Description = "A folder with train.tsv, val.tsv, test.tsv and out_of_scope.tsv [default: a bicycle hire's requests].",
    DefaultValueFactory = _ => new(Path.Combine(AppContext.BaseDirectory, "intents")),
};
Option<double> falseAlarms = new("--false-alarms")
{
    Description = "The share of requests in scope that may be handed to a person.",
    DefaultValueFactory = _ => 0.05,
};
Option<string> output = new("--output") { Description = "The folder to write to.", DefaultValueFactory = _ => "artifacts/intents" };
Option<int> seed = new("--seed") { DefaultValueFactory = _ => 1 };
folder.AcceptExistingOnly();
falseAlarms.Validators.Add(result =>
{
    if (result.GetValueOrDefault<double>() is not (> 0 and < 1))
        result.AddError("--false-alarms must be above 0 and below 1.");
});
var command = new RootCommand("From a sentence to its intent, or to a person: trains, measures, and answers the lines that you type.")
{
    folder, falseAlarms, output, seed,
};
command.SetAction(arguments => Run(
    arguments.GetValue(folder)!, arguments.GetValue(falseAlarms), arguments.GetValue(output)!, arguments.GetValue(seed)));
return command.Parse(args).Invoke();

static void Run(DirectoryInfo folder, double falseAlarms, string output, int seed)
{
    var ml = new MLContext(seed);
    var files = new Files(ml, folder.FullName);
    Directory.CreateDirectory(output);

    // From text to numbers once: training goes through its rows more than once.
    var clock = Stopwatch.StartNew();
    var featurized = ml.Transforms.Conversion.MapValueToKey("Label")
        .Append(ml.Transforms.Text.EmbedSentences("Features", "Text", SentenceEncoderOptions.MiniLM())).Fit(files.Train);
    IDataView train = ml.Data.Cache(featurized.Transform(files.Train), "Features", "Label");
    int rows = train.GetColumn<float[]>("Features").Count();
    double embedSeconds = clock.Elapsed.TotalSeconds;

    clock.Restart();
    var sngp = ml.Sngp().Multiclass().Fit(train);
    double trainSeconds = clock.Elapsed.TotalSeconds;
    // Of sentences like these at most the stated share is novel.
    IDataView validation = ml.Data.Cache(sngp.Transform(featurized.Transform(files.Validation)), "Features", "Label");
    var watching = ml.Sngp().Novelty(falseAlarms).Fit(validation);
    var model = featurized.Append(watching)
        .Append(ml.Transforms.Conversion.MapKeyToValue("Intent", "PredictedLabel").Fit(watching.Transform(train)));

    IDataView test = ml.Data.Cache(model.Transform(files.Test), "Label", "Score", "Uncertainty", "Novelty", "IsNovel");
    IDataView outOfScope = ml.Data.Cache(model.Transform(files.OutOfScope), "Novelty", "IsNovel");
    UncertaintyMetrics quality = ml.Sngp().Evaluate(test);
    var metrics = new Metrics(
        quality.Accuracy, quality.LogLoss, quality.ExpectedCalibrationError,
        ml.Sngp().EvaluateOutOfDomain(test, outOfScope, "Novelty").AreaUnderRocCurve,
        outOfScope.GetColumn<float>("Novelty").Average(p => p <= 0.01 ? 1 : 0), falseAlarms, ShareNovel(test), ShareNovel(outOfScope),
        sngp.Model.NumberOfClasses, rows, embedSeconds, trainSeconds);
    string json = JsonSerializer.Serialize(metrics, new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true });
    File.WriteAllText(Path.Combine(output, "metrics.json"), json);
    Console.WriteLine(json);

    // What answers is the pipeline that was saved, sentences in, as a server would load it.
    string file = Path.Combine(output, "model.zip");
    ml.Model.Save(model, files.Train.Schema, file);
    ITransformer loaded = new MLContext(seed).Model.Load(file, out _);
    double difference = loaded.Transform(files.Test).GetColumn<float>("Novelty")
        .Zip(test.GetColumn<float>("Novelty"), (a, b) => Math.Abs(a - b))
        .Max();
    Console.WriteLine($"Saved to {file}; loaded, its p-values differ by {difference:0.0e0} at most.");
    AnswerLines(ml, loaded);
}

static void AnswerLines(MLContext ml, ITransformer model)
{
    using var engine = ml.Model.CreatePredictionEngine<Request, Answer>(model);
    if (!Console.IsInputRedirected)
        Console.WriteLine("Type a request; an empty line ends.");
    while (Console.ReadLine() is { Length: > 0 } line)
    {
        Answer answer = engine.Predict(new Request { Text = line });
        Console.WriteLine(answer.IsNovel
            ? $"out of scope: handed to a person (novelty {answer.Novelty:0.000})"
            : $"{answer.Intent}, {answer.Score.Max():0.00} (novelty {answer.Novelty:0.000})");
    }
}

static double ShareNovel(IDataView scored) => scored.GetColumn<bool>("IsNovel").Average(isNovel => isNovel ? 1 : 0);
