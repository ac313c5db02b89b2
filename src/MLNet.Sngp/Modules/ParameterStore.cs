using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Modules;

/// <summary>
/// The trainable parameters of a network and their gradients, each in one flat tensor, so that the optimiser
/// updates all of them at once.
/// </summary>
/// <remarks>The tensors belong to the dispose scope in which the store was made. Not thread-safe.</remarks>
internal sealed class ParameterStore
{
    private readonly Tensor[] _parameters;
    private readonly Tensor[] _gradients;

    public ParameterStore(Device device, params long[][] shapes)
    {
        var sizes = Array.ConvertAll(shapes, shape => shape.Aggregate(1L, (product, size) => product * size));
        Values = zeros(sizes.Sum(), dtype: ScalarType.Float32, device: device);
        Gradients = zeros(sizes.Sum(), dtype: ScalarType.Float32, device: device);
        _parameters = new Tensor[shapes.Length];
        _gradients = new Tensor[shapes.Length];
        var start = 0L;
        for (var i = 0; i < shapes.Length; i++)
        {
            _parameters[i] = Values.narrow(0, start, sizes[i]).view(shapes[i]);
            _gradients[i] = Gradients.narrow(0, start, sizes[i]).view(shapes[i]);
            start += sizes[i];
        }
    }

    /// <summary>All parameters, one after the other.</summary>
    public Tensor Values { get; }

    /// <summary>The gradients, laid out as <see cref="Values"/>.</summary>
    public Tensor Gradients { get; }

    /// <summary>The parameter of the given position; shares memory with <see cref="Values"/>.</summary>
    public Tensor this[int index] => _parameters[index];

    /// <summary>Where the gradient of the parameter of the given position belongs; shares memory with <see cref="Gradients"/>.</summary>
    public Tensor Gradient(int index) => _gradients[index];
}
