using MLNet.Sngp.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.Sngp.Backbones;

/// <summary>A backbone made of TorchSharp modules. They are run one by one, so that none of them draws from torch's global generator, and
/// so that what no later one needs is freed.</summary>
internal abstract class ModularBackboneModule : BackboneModule
{
    private const int InitialPowerIterations = 50;
    private readonly Dictionary<nn.Module, SeededDropout> _dropouts = new(ReferenceEqualityComparer.Instance);

    /// <param name="name">The backbone's name.</param>
    /// <param name="module">A network that can be written as a graph.</param>
    protected ModularBackboneModule(string name, nn.Module<Tensor, Tensor> module)
        : base(name)
    {
        Module = module;
        register_module("module", module);
        foreach (var (path, part) in module.named_modules())
        {
            if (part is not Dropout dropout || _dropouts.ContainsKey(part))
                continue;
            _dropouts[part] = new SeededDropout(dropout.p);
            register_module($"dropout_{path.Replace('.', '_')}", _dropouts[part]);
        }
    }

    public bool HasDropout => _dropouts.Values.Any(dropout => !dropout.IsNone);

    /// <summary>The network.</summary>
    protected nn.Module<Tensor, Tensor> Module { get; }

    /// <summary>The share of each batch in the running statistics while these are measured, whatever the mode; null otherwise.</summary>
    protected double? MeasuredShare { get; set; }

    public override void Bound()
    {
        foreach (var bounded in Module.modules().OfType<SpectralNormalization>())
            bounded.Project(InitialPowerIterations);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Run(Module, input).alias());
    }

    public override string AddTo(OnnxGraphBuilder graph, string input) =>
        ModuleNodes.Add(graph, Module, input, (builder, dropout, value) => _dropouts[dropout].AddTo(builder, value));

    /// <summary>What stands for a dropout of TorchSharp's.</summary>
    protected SeededDropout DropoutOf(Dropout dropout) => _dropouts[dropout];

    private Tensor Run(nn.Module module, Tensor input) => module switch
    {
        Sequential sequence => RunInTurn(sequence, input),
        Residual residual => Add(residual, input),
        PooledGroups pooled => pooled.Apply(input, Run),
        Dropout dropout => _dropouts[dropout].call(input),
        Embedding embedding => embedding.call(input.to(ScalarType.Int64)),
        // TorchSharp's own counts its batches with a temporary Scalar.
        BatchNorm2d { momentum: { } momentum } norm => nn.functional.batch_norm(input, norm.running_mean, norm.running_var, norm.weight,
            norm.bias, training || MeasuredShare is not null, MeasuredShare ?? momentum, norm.eps),
        nn.Module<Tensor, Tensor> other => other.call(input),
        _ => throw new NotSupportedException($"A module of type {module.GetType().Name} does not take one tensor and give one."),
    };

    private Tensor Add(Residual residual, Tensor input)
    {
        using var scope = NewDisposeScope();
        var kept = residual.Shortcut is { } shortcut ? Run(shortcut, input) : input;
        return scope.MoveToOuter(kept.add(Run(residual.Branch, input), HeldScalars.One));
    }

    // What differentiation needs of a value it holds itself.
    private Tensor RunInTurn(Sequential sequence, Tensor input)
    {
        var value = input;
        foreach (var child in sequence.children())
        {
            var next = Run(child, value);
            if (!ReferenceEquals(value, input) && !ReferenceEquals(value, next))
                value.Dispose();
            value = next;
        }
        return value;
    }
}
