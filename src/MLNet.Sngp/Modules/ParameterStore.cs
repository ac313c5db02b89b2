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

    public ParameterStore(Device device, params long[][] shapes)
    {
        var sizes = Array.ConvertAll(shapes, shape => shape.Aggregate(1L, (product, size) => product * size));
        Values = zeros(sizes.Sum(), dtype: ScalarType.Float32, device: device);
        Gradients = zeros(sizes.Sum(), dtype: ScalarType.Float32, device: device);
        _parameters = new Tensor[shapes.Length];
        var start = 0L;
        for (var i = 0; i < shapes.Length; i++)
        {
            _parameters[i] = Values.narrow(0, start, sizes[i]).view(shapes[i]).detach().requires_grad_();
            // A gradient that exists is added to in place, so backward() writes into the flat tensor.
            _parameters[i].grad = Gradients.narrow(0, start, sizes[i]).view(shapes[i]);
            start += sizes[i];
        }
    }

    /// <summary>All parameters, one after the other; no gradient flows through this tensor.</summary>
    public Tensor Values { get; }

    /// <summary>The gradients, laid out as <see cref="Values"/>.</summary>
    public Tensor Gradients { get; }

    /// <summary>The parameter of the given position, as a leaf that shares memory with <see cref="Values"/>.</summary>
    public Tensor this[int index] => _parameters[index];
}
