using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Pipelines;

/// <summary>A <see cref="TransformerChain{TLastTransformer}"/> of any last transformer, whose type is known at run time only.</summary>
internal sealed class FittedChain
{
    private static readonly TransformerScope[] Flags = [TransformerScope.Training, TransformerScope.Testing, TransformerScope.Scoring];
    private readonly Type _type;
    private readonly TransformerScope[] _scopes;

    private FittedChain(ITransformer chain)
    {
        _type = chain.GetType();
        Steps = [.. (IEnumerable<ITransformer>)chain];
        _scopes = ScopesOf(chain);
    }

    public IReadOnlyList<ITransformer> Steps { get; }

    /// <summary>The chain behind <paramref name="transformer"/>, or null when it is none.</summary>
    public static FittedChain? TryOpen(ITransformer transformer) => IsOne(transformer) ? new FittedChain(transformer) : null;

    /// <summary>The steps of a chain that belong to <paramref name="scope"/>, or null when <paramref name="transformer"/> is no
    /// chain.</summary>
    public static TransformerChain<ITransformer>? TryPart(ITransformer transformer, TransformerScope scope) => IsOne(transformer) ? Part(transformer, scope) : null;

    /// <summary>The scope of each step. A chain does not show them, but it gives its part for each flag.</summary>
    public static TransformerScope[] ScopesOf(ITransformer chain)
    {
        var members = Array.ConvertAll(Flags, flag => Part(chain, flag).ToHashSet(ReferenceEqualityComparer.Instance));
        return [.. ((IEnumerable<ITransformer>)chain).Select(step =>
            Flags.Where((_, i) => members[i].Contains(step)).Aggregate(TransformerScope.None, (scope, flag) => scope | flag))];
    }

    /// <summary>A chain of the same type, steps and scopes with another step at <paramref name="index"/>.</summary>
    public ITransformer With(int index, ITransformer step)
    {
        var steps = Steps.ToArray();
        steps[index] = step;
        return (ITransformer)Activator.CreateInstance(_type, steps, _scopes)!;
    }

    private static bool IsOne(ITransformer transformer) =>
        transformer.GetType() is { IsGenericType: true } type && type.GetGenericTypeDefinition() == typeof(TransformerChain<>);

    private static TransformerChain<ITransformer> Part(ITransformer chain, TransformerScope scope) =>
        (TransformerChain<ITransformer>)chain.GetType().GetMethod(nameof(TransformerChain<ITransformer>.GetModelFor))!.Invoke(chain, [scope])!;
}
