using MLNet.Sngp.Backbones;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Posterior;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.Sngp.Heads;

/// <summary>A dense output layer: outputs = h·V + c.</summary>
internal sealed class DenseHead : Head
{
    private readonly Parameter _weight;
    private readonly Parameter _bias;

    /// <param name="units">H.</param>
    /// <param name="outputs">P.</param>
    /// <param name="random">Draws V (Glorot uniform); c is 0.</param>
    /// <param name="device">Where the tensors live.</param>
    public DenseHead(long units, long outputs, SeededRandom random, Device device)
        : base(nameof(DenseHead))
    {
        _weight = nn.Parameter(Initial.TransposedGlorotUniform(random, units, outputs, device));
        _bias = nn.Parameter(zeros(outputs, dtype: ScalarType.Float32, device: device));
        register_parameter("weight", _weight);
        register_parameter("bias", _bias);
    }

    /// <summary>V, shape [H, P]; output by output in memory.</summary>
    public Tensor Weight => _weight.t();

    /// <summary>Vᵀ, shape [P, H].</summary>
    public Parameter TransposedWeight => _weight;

    /// <summary>c, shape [P].</summary>
    public Parameter Bias => _bias;

    public override double LargestHidden => InputLimits.LargestBefore(_weight);

    public override Tensor Outputs(Tensor hidden, Tensor? features) => addmm(_bias, hidden, _weight.t(), 1, 1);

    public override (string Outputs, string? Variance) AddTo(OnnxGraphBuilder graph, string hidden, VarianceForm? variance) =>
        (graph.Dense("outputs", hidden, Weight, _bias), null);
}
