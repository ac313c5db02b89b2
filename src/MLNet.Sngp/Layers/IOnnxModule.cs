namespace MLNet.Sngp.Layers;

/// <summary>A module that can write itself into an ONNX graph: what a network must be made of to be exported.</summary>
/// <remarks>The modules of this library are such ones, and common ones of TorchSharp are known; see <see cref="Backbone.Custom"/>.
/// Implement it in a module of your own that computes something else.</remarks>
public interface IOnnxModule
{
    /// <summary>Adds the nodes that compute what the module's forward pass computes in evaluation mode.</summary>
    /// <param name="graph">Where to add them.</param>
    /// <param name="input">The name of the value that the module takes, whose first dimension is the batch.</param>
    /// <returns>The name of the value that it gives.</returns>
    string AddTo(OnnxGraphBuilder graph, string input);
}
