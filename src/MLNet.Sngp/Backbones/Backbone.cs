using MLNet.Sngp.Backbones;
using static TorchSharp.torch;

namespace MLNet.Sngp;

/// <summary>The hidden layers of a network: from a row of features to a hidden vector, on which the output layer rests.</summary>
public abstract class Backbone
{
    // A backbone is a part of the library, or made by Custom.
    internal Backbone()
    {
    }

    /// <summary>Whether there is something to drop in a thinned network.</summary>
    internal abstract bool HasDropout { get; }

    /// <summary>Whether features need not be centred and scaled.</summary>
    internal virtual bool TakesAnyScale => false;

    /// <summary>Whether hidden vectors are on a common scale already.</summary>
    internal virtual bool IsNormalized => false;

    /// <summary>Whether trainings on parts of the table are too dear to choose the number of epochs by.</summary>
    internal virtual bool TrainsForAllSteps => false;

    /// <summary>What tells this backbone from another in a checkpoint, besides its options.</summary>
    internal virtual string Identity => GetType().Name;

    /// <summary>A backbone of one's own, made of TorchSharp modules.</summary>
    /// <remarks>
    /// <para>The network may be made of <c>Sequential</c>, <c>Linear</c>, <c>Conv2d</c>, <c>BatchNorm2d</c>, <c>LayerNorm</c>, <c>ReLU</c>,
    /// <c>GELU</c>, <c>SiLU</c>, <c>Tanh</c>, <c>Sigmoid</c>, <c>Dropout</c>, <c>MaxPool2d</c>, <c>AvgPool2d</c>, <c>AdaptiveAvgPool2d</c>
    /// to size 1, <c>Flatten</c> and <c>Embedding</c>, of <see cref="Layers.Residual"/> and <see cref="Layers.SpectralNormalization"/>, and
    /// of modules that are <see cref="Layers.IOnnxModule"/>. <c>Fit</c> refuses any other before it reads a row, by the module's
    /// name.</para>
    /// <para>It takes rows in the dimensions that the feature column's type states, shape [B, …], and gives hidden vectors, shape [B, H].
    /// Distances are kept, and the variance grows far from the training rows, only where residual branches are bounded:
    /// <c>new Residual(Sequential(new SpectralNormalization(Linear(64, 64), bound: 0.9), ReLU()))</c>.</para>
    /// <para>Weights of <c>Linear</c> and <c>Conv2d</c> are drawn anew (Glorot uniform, biases 0) from the trainer's seed, so that a seed
    /// fixes
    /// the model; so are the masks of <c>Dropout</c>, which keep away from torch's global generator. Parameters that do not require
    /// gradients stay as they are. The module that is made belongs to the training and is disposed with it.</para>
    /// </remarks>
    /// <param name="create">Makes the network, given the dimensions of a row: [d] for a plain vector, [C, H, W] for a picture. Is called
    /// once for each network that is trained, for the members of an ensemble at once from several threads, and once before.</param>
    /// <param name="initialize">Whether weights are drawn from the seed; false keeps those that <paramref name="create"/> gives, trained
    /// ones for instance.</param>
    /// <returns>The backbone.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="create"/> is null.</exception>
    public static Backbone Custom(Func<long[], nn.Module<Tensor, Tensor>> create, bool initialize = true)
    {
        ArgumentNullException.ThrowIfNull(create);
        return new CustomBackbone(create, initialize);
    }

    /// <summary>One whose options nobody has set; itself where it has none.</summary>
    internal virtual Backbone WithDefaults() => this;

    /// <summary>What is wrong with its options besides their ranges.</summary>
    internal virtual IEnumerable<string> Contradictions() => [];

    /// <summary>Whether its other options leave one without use.</summary>
    internal virtual bool IsIgnored(string option) => false;

    /// <summary>Checks that the backbone can be trained on rows of these dimensions.</summary>
    /// <returns>H, the length of a hidden vector.</returns>
    /// <exception cref="NotSupportedException">It holds a module that cannot be exported, or does not fit the rows.</exception>
    internal abstract long Check(long[] rowShape);

    /// <summary>Makes the module, in evaluation mode, with its initial weights.</summary>
    /// <param name="rowShape">The dimensions of a row of features.</param>
    /// <param name="random">Draws the weights.</param>
    /// <param name="device">Where the tensors live.</param>
    internal abstract BackboneModule Create(long[] rowShape, SeededRandom random, Device device);

    internal virtual Backbone Copy() => (Backbone)MemberwiseClone();
}
