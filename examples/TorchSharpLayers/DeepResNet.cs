using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace TorchSharpLayers;

/// <summary>The tutorial's deterministic network: a frozen projection, residual hidden layers with dropout, a dense output layer.</summary>
internal class DeepResNet : nn.Module<Tensor, Tensor>
{
    protected const long Units = 128;
    private const int Layers = 6;
    private const double DropoutRate = 0.1;

    private readonly Linear input = nn.Linear(2, Units);
    private readonly ModuleList<nn.Module<Tensor, Tensor>> hidden = [];
    private readonly Dropout dropout = nn.Dropout(DropoutRate);
    private readonly Linear? output;

    public DeepResNet(int classes)
        : this(makeHidden: layer => layer) => output = Keras(nn.Linear(Units, classes));

    /// <param name="makeHidden">What becomes of each hidden layer: nothing here, spectral normalisation in SNGP.</param>
    protected DeepResNet(Func<Linear, nn.Module<Tensor, Tensor>> makeHidden)
        : base(nameof(DeepResNet))
    {
        Keras(input);
        foreach (var frozen in input.parameters())
            frozen.requires_grad = false;
        for (var i = 0; i < Layers; i++)
            hidden.Add(makeHidden(Keras(nn.Linear(Units, Units))));
    }

    public override Tensor forward(Tensor x) => output!.call(Hidden(x));

    /// <summary>The last hidden vectors.</summary>
    protected Tensor Hidden(Tensor x)
    {
        var value = input.call(x);
        foreach (var layer in hidden)
            value += dropout.call(layer.call(value).relu());
        return value;
    }

    /// <summary>Is to be called when all fields are set.</summary>
    public DeepResNet Ready()
    {
        RegisterComponents();
        return this;
    }

    // Keras' initial weights, which the tutorial starts from.
    private static Linear Keras(Linear layer)
    {
        nn.init.xavier_uniform_(layer.weight);
        nn.init.zeros_(layer.bias!);
        return layer;
    }
}
