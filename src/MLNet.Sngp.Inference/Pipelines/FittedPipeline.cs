using Microsoft.ML;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Pipelines;

/// <summary>Finds the model of this library in a fitted pipeline, in chains within chains too. Of several models the last is
/// meant.</summary>
internal static class FittedPipeline
{
    /// <exception cref="ArgumentException">The pipeline holds no model of this library.</exception>
    public static SngpTransformer Find(ITransformer pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        return TryFind(pipeline) ?? throw new ArgumentException(
            $"The pipeline holds no model of MLNet.Sngp; its steps are {string.Join(", ", Names(pipeline))}. "
            + "A zip file must be loaded with mlContext.Sngp().Load: ML.NET's own Load gives other transformers in its place.",
            nameof(pipeline));
    }

    /// <summary>The rows that come to the model.</summary>
    /// <param name="pipeline">A pipeline in which <see cref="Find"/> finds a model.</param>
    /// <param name="data">Rows as <c>Fit</c> took them: every step before the model is applied to them, whatever its scope, as <c>Fit</c>
    /// does.</param>
    public static IDataView InputOf(ITransformer pipeline, IDataView data)
    {
        if (pipeline is SngpTransformer)
            return data;
        var steps = FittedChain.TrySteps(pipeline)!;
        var index = steps.ToList().FindLastIndex(step => TryFind(step) != null);
        var rows = data;
        for (var i = 0; i < index; i++)
            rows = StepInput.Transform(new PipelineStep(steps[i], FormattableString.Invariant($"{i + 1}")), rows);
        return InputOf(steps[index], rows);
    }

    private static SngpTransformer? TryFind(ITransformer pipeline) => pipeline as SngpTransformer
        ?? FittedChain.TrySteps(pipeline)?.Reverse().Select(TryFind).FirstOrDefault(model => model != null);

    private static IEnumerable<string> Names(ITransformer pipeline) =>
        FittedChain.TrySteps(pipeline)?.SelectMany(Names) ?? [PipelineStep.TypeName(pipeline.GetType())];
}
