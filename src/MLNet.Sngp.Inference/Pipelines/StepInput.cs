using System.Text.RegularExpressions;
using Microsoft.ML;

namespace MLNet.Sngp.Pipelines;

/// <summary>Gives a pipeline's step its input, and says in the words of <see cref="MissingColumn"/> what a step of ML.NET misses there.</summary>
internal static partial class StepInput
{
    public static IDataView Transform(ITransformer step, string name, IDataView input) => Try(name, input.Schema, () => step.Transform(input));

    public static DataViewSchema GetOutputSchema(ITransformer step, string name, DataViewSchema input) => Try(name, input, () => step.GetOutputSchema(input));

    // ML.NET throws the same type, but for other faults too: it is a missing column where the column that it names is not there.
    private static T Try<T>(string name, DataViewSchema input, Func<T> give)
    {
        try
        {
            return give();
        }
        catch (ArgumentOutOfRangeException fault)
            when (Quoted().Match(fault.Message) is { Success: true } column && input.GetColumnOrNull(column.Groups[1].Value) is null)
        {
            throw MissingColumn.Of("input", column.Groups[1].Value, ColumnShapes.Of(input).Names, $"{name} takes it. Give data with the columns that the pipeline starts from.");
        }
    }

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();
}
