using TorchSharp.Utils;
using static TorchSharp.torch;

namespace MLNet.Sngp.Layers;

/// <summary>A residual connection: x + branch(x), or shortcut(x) + branch(x). With a branch whose Lipschitz constant is below 1 it keeps
/// the order of distances.</summary>
/// <remarks>Owns its parts. Not thread-safe.</remarks>
/// <example><code>new Residual(nn.Sequential(new SpectralNormalization(nn.Linear(64, 64), bound: 0.9), nn.ReLU()))</code></example>
public sealed class Residual : nn.Module<Tensor, Tensor>
{
    [ComponentName(Name = "branch")]
    private readonly nn.Module<Tensor, Tensor> _branch;

    [ComponentName(Name = "shortcut")]
    private readonly nn.Module<Tensor, Tensor>? _shortcut;

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

    /// <summary>Puts a branch beside a shortcut, where the branch changes the shape.</summary>
    /// <param name="branch">The branch.</param>
    /// <param name="shortcut">Gives values of the shape that the branch gives.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    public Residual(nn.Module<Tensor, Tensor> branch, nn.Module<Tensor, Tensor> shortcut)
        : base(nameof(Residual))
    {
        ArgumentNullException.ThrowIfNull(branch);
        ArgumentNullException.ThrowIfNull(shortcut);
        (_branch, _shortcut) = (branch, shortcut);
        RegisterComponents();
    }

    /// <summary>The branch.</summary>
    public nn.Module<Tensor, Tensor> Branch => _branch;

    /// <summary>The shortcut; null where the input itself is added.</summary>
    public nn.Module<Tensor, Tensor>? Shortcut => _shortcut;

    /// <summary>x + branch(x), or shortcut(x) + branch(x).</summary>
    /// <param name="input">x.</param>
    /// <returns>The sum, of the shape that the branch gives.</returns>
    public override Tensor forward(Tensor input)
    {
        using var scope = NewDisposeScope();
        var kept = _shortcut is null ? input : _shortcut.call(input);
        return scope.MoveToOuter(kept.add(_branch.call(input), HeldScalars.One));
    }
}
