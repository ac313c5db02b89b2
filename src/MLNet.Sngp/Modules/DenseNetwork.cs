using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Modules;

/// <summary>The tutorial's baseline: the residual network with a dense output layer, logits = h·V + c.</summary>
internal sealed class DenseNetwork : Network
{
    /// <param name="shape">The sizes.</param>
    /// <param name="seed">Fixes all initial weights.</param>
    /// <param name="device">Where the tensors live.</param>
    public DenseNetwork(NetworkShape shape, int seed, Device device)
        : this(shape, new SeededRandom(seed, RandomPurpose.NetworkWeights), device)
    {
    }

    private DenseNetwork(NetworkShape shape, SeededRandom random, Device device)
        : base(shape, [[shape.NumberOfClasses, shape.NumberOfHiddenUnits], [shape.NumberOfClasses]], random, device) =>
        Initialize(OutputWeight, random);

    /// <summary>V, shape [H, K]; class by class in memory.</summary>
    public Tensor OutputWeight => Parameters[FirstOutputParameter].t();

    /// <summary>c, shape [K].</summary>
    public Tensor OutputBias => Parameters[FirstOutputParameter + 1];

    public override Tensor Logits(Tensor features, Tensor? masks) =>
        addmm(OutputBias, Residual.Forward(features, masks), OutputWeight, 1, 1);

    protected override OutputStep CreateOutputStep(StepBuffers buffers) =>
        new DenseStep(this, Parameters.Gradient(FirstOutputParameter), Parameters.Gradient(FirstOutputParameter + 1), buffers);
}
