using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Text;
using MLNet.Sngp.Tool.Tables;

namespace MLNet.Sngp.Tool.Models;

/// <summary>Makes the steps before the trainer. The network centres and scales what they give.</summary>
internal static class PipelineFactory
{
    public const string Features = "Features";
    private const string MissingSuffix = ".missing";
    private const int HashBits = 8;
    private const int MostWords = 1000;

    public static IEstimator<ITransformer> Create(MLContext ml, IReadOnlyList<ColumnPlan> columns)
    {
        EstimatorChain<ITransformer> chain = new();
        List<string> inputs = [];
        Numbers(columns.SelectMany(column => column.NumberNames), columns.Where(column => column.HasMissing));
        if (Of(ColumnUse.Category) is { Length: > 0 } categories)
            Add(ml.Transforms.Categorical.OneHotEncoding(Pairs(categories)), categories);
        if (Of(ColumnUse.HashedCategory) is { Length: > 0 } hashed)
            Add(ml.Transforms.Categorical.OneHotHashEncoding(
                Pairs(hashed), OneHotEncodingEstimator.OutputKind.Indicator, numberOfBits: HashBits), hashed);
        foreach (var text in Of(ColumnUse.Text))
            Add(ml.Transforms.Text.FeaturizeText(text, Words(), text), [text]);
        return chain.Append<ITransformer>(ml.Transforms.Concatenate(Features, [.. inputs]));

        string[] Of(ColumnUse kind) => [.. columns.Where(column => column.Kind == kind).Select(column => column.Name)];

        void Numbers(IEnumerable<string> all, IEnumerable<ColumnPlan> missing)
        {
            string[] numbers = [.. all];
            if (numbers.Length == 0)
                return;
            string[] lacking = [.. missing.SelectMany(column => column.NumberNames.Take(1))];
            string[] indicators = [.. lacking.Select(name => name + MissingSuffix)];
            if (lacking.Length > 0)
            {
                Add(ml.Transforms.IndicateMissingValues(
                    [.. lacking.Zip(indicators, (name, indicator) => new InputOutputColumnPair(indicator, name))]), indicators);
                Add(ml.Transforms.Conversion.ConvertType(Pairs(indicators), DataKind.Single), []);
            }
            Add(ml.Transforms.ReplaceMissingValues(Pairs(numbers), MissingValueReplacingEstimator.ReplacementMode.Mean), numbers);
        }

        void Add(IEstimator<ITransformer> step, IEnumerable<string> outputs)
        {
            chain = chain.Append<ITransformer>(step);
            inputs.AddRange(outputs);
        }
    }

    private static InputOutputColumnPair[] Pairs(string[] names) => [.. names.Select(name => new InputOutputColumnPair(name))];

    private static TextFeaturizingEstimator.Options Words() => new()
    {
        CharFeatureExtractor = null,
        WordFeatureExtractor = new WordBagEstimator.Options { NgramLength = 2, UseAllLengths = true, MaximumNgramsCount = [MostWords] },
    };
}
