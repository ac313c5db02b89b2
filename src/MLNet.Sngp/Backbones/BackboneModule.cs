using MLNet.Sngp.Data;
using MLNet.Sngp.Layers;
using static TorchSharp.torch;

namespace MLNet.Sngp.Backbones;

/// <summary>The module of a <see cref="Backbone"/>: rows of features, shape [B, …], to hidden vectors, shape [B, H].</summary>
/// <remarks>What it holds is what it registers: parameters are trained, persistent buffers are kept in checkpoints. Not
/// thread-safe.</remarks>
internal abstract class BackboneModule(string name) : nn.Module<Tensor, Tensor>(name), IOnnxModule
{
    /// <summary>H.</summary>
    public abstract long NumberOfHiddenUnits { get; }

    /// <summary>Whether a row comes in the dimensions of the feature column instead of as one vector.</summary>
    public virtual bool TakesDimensions => true;

    /// <summary>Whether what is no number in a row makes no number of all its hidden vector.</summary>
    public virtual bool HandsOnNaN => false;

    /// <summary>Looks at the training rows before anything else; once.</summary>
    /// <param name="rows">The training rows.</param>
    /// <param name="throwIfCancelled">Is called from time to time.</param>
    public virtual void Adapt(RowSource rows, Action throwIfCancelled)
    {
    }

    /// <summary>Takes the weights within their bounds, so that distances are measured in the network that is trained.</summary>
    public virtual void Bound()
    {
    }

    /// <summary>What cuts values off where single precision would overflow further on.</summary>
    /// <param name="largestHidden">The limit on the length of a hidden vector, above 0.</param>
    /// <param name="isThinned">Whether values may be scaled up by dropout masks.</param>
    public virtual InputLimits Limits(double largestHidden, bool isThinned) =>
        InputLimits.BetweenLayers(largestHidden, NumberOfHiddenUnits);

    /// <inheritdoc/>
    public abstract string AddTo(OnnxGraphBuilder graph, string input);
}
