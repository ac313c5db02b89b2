using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNet.Sngp.Pipelines;

namespace MLNet.Sngp.Onnx;

/// <summary>One transformer of a fitted pipeline, with nested chains unfolded.</summary>
/// <param name="Transformer">The transformer.</param>
/// <param name="Position">Where it stands, from 1; in a chain within the chain, <c>2.1</c>.</param>
internal sealed record PipelineStep(ITransformer Transformer, string Position)
{
    private static readonly string[] TrustedAssemblies = ["Microsoft.ML.", "MLNet.Sngp."];

    /// <summary>The steps that <c>model.Transform</c> applies, in order.</summary>
    public static IReadOnlyList<PipelineStep> Unfold(ITransformer model)
    {
        if (ScoringChain(model) is not { } chain)
            return [new PipelineStep(model, "1")];
        return [.. chain.SelectMany((step, i) => Unfold(step, FormattableString.Invariant($"{i + 1}")))];
    }

    /// <summary>Whether the step only picks columns: it changes none.</summary>
    public bool IsSelection => Transformer is ColumnSelectingTransformer;

    /// <summary>Whether the step makes <paramref name="column"/>, rather than handing it on.</summary>
    /// <param name="column">A column of <paramref name="output"/>.</param>
    /// <param name="input">The columns before the step, no two of the same name.</param>
    /// <param name="output">The columns after it, hidden ones included.</param>
    /// <remarks>Transformers of ML.NET put a new column beside the one that it hides. Of others that is not known, so they may have made
    /// any.</remarks>
    public bool Makes(string column, DataViewSchema input, DataViewSchema output)
    {
        if (IsSelection)
            return false;
        return input.GetColumnOrNull(column) is not { } before
            || !before.Type.Equals(output[column].Type)
            || output.Count(other => other.Name == column) > 1
            || !IsTrusted(Transformer.GetType().Assembly.GetName().Name + ".");
    }

    /// <summary>How messages call the step.</summary>
    public override string ToString() => $"Step {Position} of the pipeline, {TypeName(Transformer.GetType())},";

    /// <summary>The name of a type as in C#, with that of the type that it stands in: several of ML.NET's are called Transformer.</summary>
    public static string TypeName(Type type) => type.DeclaringType is { } outer ? $"{NameAlone(outer)}.{NameAlone(type)}" : NameAlone(type);

    private static string NameAlone(Type type)
    {
        if (!type.IsGenericType)
            return type.Name;
        return $"{type.Name.Split('`')[0]}<{string.Join(", ", type.GetGenericArguments().Select(NameAlone))}>";
    }

    private static bool IsTrusted(string assembly) =>
        TrustedAssemblies.Any(trusted => assembly.StartsWith(trusted, StringComparison.Ordinal));

    private static IEnumerable<PipelineStep> Unfold(ITransformer step, string position) => ScoringChain(step) is { } chain
        ? chain.SelectMany((inner, i) => Unfold(inner, FormattableString.Invariant($"{position}.{i + 1}")))
        : [new PipelineStep(step, position)];

    private static TransformerChain<ITransformer>? ScoringChain(ITransformer transformer) =>
        FittedChain.TryPart(transformer, TransformerScope.Scoring);
}
