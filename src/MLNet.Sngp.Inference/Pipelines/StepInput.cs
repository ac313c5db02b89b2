using System.Text.RegularExpressions;
using Microsoft.ML;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Pipelines;

/// <summary>
/// Gives a pipeline's step its input, and says in the words of <see cref="MissingColumn"/> what a step of ML.NET misses there.
/// </summary>
internal static partial class StepInput
{
    public static IDataView Transform(PipelineStep step, IDataView input) =>
        Try(step, input.Schema, () => step.Transformer.Transform(input));

    public static DataViewSchema GetOutputSchema(PipelineStep step, DataViewSchema input) =>
        Try(step, input, () => step.Transformer.GetOutputSchema(input));

    // ML.NET throws the same type, but for other faults too: it is a missing column where the column that it names is not there.
    private static T Try<T>(PipelineStep step, DataViewSchema input, Func<T> give)
    {
        try
        {
            return give();
        }
        catch (ArgumentOutOfRangeException fault)
            when (Quoted().Match(fault.Message) is { Success: true } column && input.GetColumnOrNull(column.Groups[1].Value) is null)
        {
            var remedy = $"{step.ToString().TrimEnd(',')} takes it. Give data with the columns that the pipeline starts from.";
            throw MissingColumn.Of("input", column.Groups[1].Value, ColumnShapes.Of(input).Names, remedy);
        }
    }

    [GeneratedRegex("'([^']+)'")]
    private static partial Regex Quoted();
}
