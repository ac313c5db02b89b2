using static TorchSharp.torch;

namespace MLNet.Sngp.Backbones;

/// <summary>A backbone whose first layer is not trained: what it gives can be computed once for each row instead of in every
/// step.</summary>
internal interface IFrozenStart
{
    /// <summary>How many numbers the first layer gives for a row.</summary>
    int StartWidth { get; }

    /// <summary>Whether rows come as the first layer gives them.</summary>
    bool IsStarted { get; set; }

    /// <summary>The first layer, shape [B, d] to [B, <see cref="StartWidth"/>].</summary>
    Tensor Start(Tensor features);
}
