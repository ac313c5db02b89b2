using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Backbones;

/// <summary>A network of a user's as a backbone; see <see cref="Backbone.Custom"/>.</summary>
internal sealed class CustomBackboneModule : ModularBackboneModule
{
    /// <param name="module">A network that can be written as a graph.</param>
    /// <param name="rowShape">The dimensions of a row.</param>
    /// <exception cref="NotSupportedException">The network does not give one vector for each such row.</exception>
    public CustomBackboneModule(nn.Module<Tensor, Tensor> module, long[] rowShape)
        : base("Custom", module) => NumberOfHiddenUnits = CountUnits(rowShape);

    public override long NumberOfHiddenUnits { get; }

    private long CountUnits(long[] rowShape)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        eval();
        try
        {
            var device = parameters().Select(parameter => parameter.device).FirstOrDefault() ?? CPU;
            var hidden = forward(zeros([2, .. rowShape], dtype: ScalarType.Float32, device: device));
            return hidden.shape is [2, var units]
                ? units
                : throw new NotSupportedException(
                $"The custom backbone gives values of shape [{string.Join(", ", hidden.shape)}] for 2 rows; it must give one vector for "
                + "each row, shape [B, H]. End it with nn.Flatten().");
        }
        catch (Exception exception) when (exception is System.Runtime.InteropServices.ExternalException or ArgumentException)
        {
            throw new NotSupportedException(
                $"The custom backbone cannot take rows of the dimensions [{string.Join(", ", rowShape)}]: "
                + $"{exception.Message.Split('\n')[0]}", exception);
        }
    }
}
