using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>
/// The trainable parameters of a network and their gradients, each in one flat tensor, so that the optimiser updates all of them at once.
/// </summary>
/// <remarks>The tensors belong to the dispose scope in which the store was made. Not thread-safe.</remarks>
internal sealed class ParameterStore
{
    private readonly Dictionary<Parameter, Tensor> _gradients = new(ReferenceEqualityComparer.Instance);

    /// <summary>Moves the parameters into one tensor, in which they lie from now on. Those that require no gradient stay where they
    /// are.</summary>
    public ParameterStore(IEnumerable<Parameter> parameters, Device device)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        Parameter[] trained = [.. parameters.Where(parameter => parameter.requires_grad).Distinct()];
        var count = trained.Sum(parameter => parameter.numel());
        Values = zeros(count, dtype: ScalarType.Float32, device: device).MoveToOuterDisposeScope();
        Gradients = zeros(count, dtype: ScalarType.Float32, device: device).MoveToOuterDisposeScope();
        var start = 0L;
        foreach (var parameter in trained)
        {
            if (parameter.dtype != ScalarType.Float32)
                throw new NotSupportedException(
                    $"A parameter of shape [{string.Join(", ", parameter.shape)}] is of type {parameter.dtype}; networks are trained in "
                    + "single precision.");
            var place = Values.narrow(0, start, parameter.numel()).view(parameter.shape);
            parameter.set_(place.copy_(parameter));
            parameter.grad = Gradients.narrow(0, start, parameter.numel()).view(parameter.shape);
            _gradients[parameter] = Gradients.narrow(0, start, parameter.numel()).view(parameter.shape).MoveToOuterDisposeScope();
            start += parameter.numel();
        }
    }

    /// <summary>All parameters, one after the other.</summary>
    public Tensor Values { get; }

    /// <summary>The gradients, laid out as <see cref="Values"/>: automatic differentiation adds to them.</summary>
    public Tensor Gradients { get; }

    /// <summary>Where the gradient of a parameter belongs; shares memory with <see cref="Gradients"/>.</summary>
    public Tensor Gradient(Parameter parameter) => _gradients[parameter];
}
