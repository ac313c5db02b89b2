using MLNet.Sngp.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.Sngp.Backbones;

/// <summary>A network made of TorchSharp modules as a backbone. Its modules are run one by one, so that none of them draws from torch's
/// global generator.</summary>
internal sealed class CustomBackboneModule : BackboneModule
{
    private const int InitialPowerIterations = 50;
    private readonly nn.Module<Tensor, Tensor> _module;
    private readonly Dictionary<nn.Module, SeededDropout> _dropouts = new(ReferenceEqualityComparer.Instance);

    /// <param name="module">A network that can be written as a graph.</param>
    /// <param name="rowShape">The dimensions of a row.</param>
    /// <exception cref="NotSupportedException">The network does not give one vector for each such row.</exception>
    public CustomBackboneModule(nn.Module<Tensor, Tensor> module, long[] rowShape)
        : base("Custom")
    {
        _module = module;
        register_module("module", module);
        foreach (var (name, part) in module.named_modules())
        {
            if (part is not Dropout dropout || _dropouts.ContainsKey(part))
                continue;
            _dropouts[part] = new SeededDropout(dropout.p);
            register_module($"dropout_{name.Replace('.', '_')}", _dropouts[part]);
        }
        NumberOfHiddenUnits = CountUnits(rowShape);
    }

    public bool HasDropout => _dropouts.Values.Any(dropout => !dropout.IsNone);

    public override long NumberOfHiddenUnits { get; }

    public override void Bound()
    {
        foreach (var bounded in _module.modules().OfType<SpectralNormalization>())
            bounded.Project(InitialPowerIterations);
    }

    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(Run(_module, input).alias());
    }

    public override string AddTo(OnnxGraphBuilder graph, string input) =>
        ModuleNodes.Add(graph, _module, input, (builder, dropout, value) => _dropouts[dropout].AddTo(builder, value));

    private Tensor Run(nn.Module module, Tensor input) => module switch
    {
        Sequential sequence => sequence.children().Aggregate(input, (value, child) => Run(child, value)),
        Residual residual => input.add(Run(residual.Branch, input), HeldScalars.One),
        Dropout dropout => _dropouts[dropout].call(input),
        Embedding embedding => embedding.call(input.to(ScalarType.Int64)),
        // TorchSharp's own counts its batches with a temporary Scalar.
        BatchNorm2d { momentum: { } momentum } norm =>
            nn.functional.batch_norm(input, norm.running_mean, norm.running_var, norm.weight, norm.bias, training, momentum, norm.eps),
        nn.Module<Tensor, Tensor> other => other.call(input),
        _ => throw new NotSupportedException($"A module of type {module.GetType().Name} does not take one tensor and give one."),
    };

    private long CountUnits(long[] rowShape)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        eval();
        try
        {
            var device = parameters().Select(parameter => parameter.device).FirstOrDefault() ?? CPU;
            var hidden = forward(zeros([2, .. rowShape], dtype: ScalarType.Float32, device: device));
            return hidden.shape is [2, var units]
                ? units
                : throw new NotSupportedException(
                $"The custom backbone gives values of shape [{string.Join(", ", hidden.shape)}] for 2 rows; it must give one vector for "
                + "each row, shape [B, H]. End it with nn.Flatten().");
        }
        catch (Exception exception) when (exception is System.Runtime.InteropServices.ExternalException or ArgumentException)
        {
            throw new NotSupportedException(
                $"The custom backbone cannot take rows of the dimensions [{string.Join(", ", rowShape)}]: "
                + $"{exception.Message.Split('\n')[0]}", exception);
        }
    }
}
