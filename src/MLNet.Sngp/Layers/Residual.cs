using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Sngp.Layers;

/// <summary>A residual connection: x + branch(x). With a branch whose Lipschitz constant is below 1 it keeps the order of
/// distances.</summary>
/// <remarks>Owns the branch. Not thread-safe.</remarks>
/// <example><code>new Residual(nn.Sequential(new SpectralNormalization(nn.Linear(64, 64), bound: 0.9), nn.ReLU()))</code></example>
public sealed class Residual : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "branch")]
    private readonly nn.Module<Tensor, Tensor> _branch;

    /// <summary>Puts a connection around a branch.</summary>
    /// <param name="branch">Gives values of the shape that it takes.</param>
    /// <exception cref="ArgumentNullException"><paramref name="branch"/> is null.</exception>
    public Residual(nn.Module<Tensor, Tensor> branch)
        : base(nameof(Residual))
    {
        ArgumentNullException.ThrowIfNull(branch);
        _branch = branch;
        RegisterComponents();
    }

    /// <summary>The branch.</summary>
    public nn.Module<Tensor, Tensor> Branch => _branch;

    /// <summary>x + branch(x).</summary>
    /// <param name="input">x.</param>
    /// <returns>The sum, of the shape of <paramref name="input"/>.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(input.add(_branch.call(input), HeldScalars.One));
    }
}
