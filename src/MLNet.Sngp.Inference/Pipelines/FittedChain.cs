using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Pipelines;

/// <summary>
/// Looks into a <see cref="TransformerChain{TLastTransformer}"/> of any last transformer, whose type is known at run time only.
/// </summary>
internal static class FittedChain
{
    private static readonly TransformerScope[] Flags = [TransformerScope.Training, TransformerScope.Testing, TransformerScope.Scoring];

    /// <summary>The steps of a chain, or null when <paramref name="transformer"/> is none.</summary>
    public static IReadOnlyList<ITransformer>? TrySteps(ITransformer transformer) =>
        IsOne(transformer) ? [.. (IEnumerable<ITransformer>)transformer] : null;

    /// <summary>The steps of a chain that belong to <paramref name="scope"/>, or null when <paramref name="transformer"/> is no
    /// chain.</summary>
    public static TransformerChain<ITransformer>? TryPart(ITransformer transformer, TransformerScope scope) =>
        IsOne(transformer) ? Part(transformer, scope) : null;

    /// <summary>The scope of each step. A chain does not show them, but it gives its part for each flag.</summary>
    public static TransformerScope[] ScopesOf(ITransformer chain)
    {
        var members = Array.ConvertAll(Flags, flag => Part(chain, flag).ToHashSet(ReferenceEqualityComparer.Instance));
        return [.. ((IEnumerable<ITransformer>)chain).Select(step =>
            Flags.Where((_, i) => members[i].Contains(step)).Aggregate(TransformerScope.None, (scope, flag) => scope | flag))];
    }

    private static bool IsOne(ITransformer transformer) =>
        transformer.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(TransformerChain<>);

    private static TransformerChain<ITransformer> Part(ITransformer chain, TransformerScope scope) =>
        (TransformerChain<ITransformer>)chain.GetType()
            .GetMethod(nameof(TransformerChain<ITransformer>.GetModelFor))!.Invoke(chain, [scope])!;
}
