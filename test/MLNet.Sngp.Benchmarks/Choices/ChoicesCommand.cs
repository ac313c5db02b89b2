using System.CommandLine;
using System.Globalization;
using MLNet.Sngp.Benchmarks.Measuring;
using MLNet.Sngp.Benchmarks.Works;

namespace MLNet.Sngp.Benchmarks.Choices;

/// <summary><c>choices</c>: what was chosen for the sake of the native libraries, beside what was not; one table.</summary>
internal static class ChoicesCommand
{
    public static Command Create()
    {
        Option<int> repeats =
            new("--repeats") { Description = "How often each pair is measured, in alternation.", DefaultValueFactory = _ => 5 };
        Option<string> models = new("--models") { Description = "The folder of the models, which 'ratios' and 'work models' write.",
            DefaultValueFactory = _ => new WorkSettings().Models };
        var command =
            new Command("choices", "Measures again what decisions 5, 10 and 14 chose, beside the alternatives.") { repeats, models };
        command.SetAction(arguments =>
        {
            var settings = new WorkSettings(Models: arguments.GetValue(models)!);
            if (!File.Exists(ScoredModels.Path(settings, ScoredModels.Default)))
                ScoredModels.Write(settings);
            var before = Machine.Load();
            Console.WriteLine("| choice | as it is, µs | otherwise, µs | otherwise takes |");
            Console.WriteLine("|---|---|---|---|");
            foreach (var choice in TorchChoices.All().Concat(SessionChoices.All(settings)))
                Write(choice, arguments.GetValue(repeats));
            Console.WriteLine();
            SessionChoices.WriteBits(Console.Out, settings);
            Machine.Write(Console.Out, before);
        });
        return command;
    }

    private static void Write(Choice choice, int repeats)
    {
        using (choice)
        {
            var pairs = Enumerable.Range(0, repeats).Select(_ => (Chosen: Microseconds(choice.Chosen), Other: Microseconds(choice.Other)))
                .ToList();
            var ratio = pairs.Select(pair => pair.Other / pair.Chosen).ToList();
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {choice.Title} | {Statistics.Median(pairs.Select(pair => pair.Chosen)):0.0} | "
                + $"{Statistics.Median(pairs.Select(pair => pair.Other)):0.0} | {Statistics.Median(ratio):0.00}× "
                + $"[{ratio.Min():0.00}–{ratio.Max():0.00}] |"));
        }
    }

    private static double Microseconds(Action work)
    {
        const int times = 20;
        return Repeated.MedianSeconds(() =>
        {
            for (var i = 0; i < times; i++)
                work();
        }, 0.3) / times * 1e6;
    }
}
