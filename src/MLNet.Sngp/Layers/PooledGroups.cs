using static TorchSharp.torch;

namespace MLNet.Sngp.Layers;

/// <summary>Groups of layers, one after another, of each of which a vector is taken; gives the vectors side by side.</summary>
internal sealed class PooledGroups : nn.Module<Tensor, Tensor>
{
    /// <param name="groups">Each group of layers, and what makes a vector, shape [B, …], of what it gives.</param>
    public PooledGroups(IReadOnlyList<(nn.Module<Tensor, Tensor> Layers, nn.Module<Tensor, Tensor> Pool)> groups)
        : base(nameof(PooledGroups))
    {
        Groups = groups;
        for (var i = 0; i < groups.Count; i++)
        {
            register_module(FormattableString.Invariant($"group{i}"), groups[i].Layers);
            register_module(FormattableString.Invariant($"pool{i}"), groups[i].Pool);
        }
    }

    public IReadOnlyList<(nn.Module<Tensor, Tensor> Layers, nn.Module<Tensor, Tensor> Pool)> Groups { get; }

    public override Tensor forward(Tensor input) => Apply(input, (module, value) => ((nn.Module<Tensor, Tensor>)module).call(value));

    /// <summary>The vectors, where <paramref name="run"/> applies each part.</summary>
    public Tensor Apply(Tensor input, Func<nn.Module, Tensor, Tensor> run)
    {
        using var scope = NewDisposeScope();
        var value = input;
        var vectors = new List<Tensor>();
        foreach (var (layers, pool) in Groups)
        {
            value = run(layers, value);
            vectors.Add(run(pool, value));
        }
        return scope.MoveToOuter(cat(vectors, 1));
    }
}
