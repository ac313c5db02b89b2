using System.Security.Cryptography;
using Google.Protobuf;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Posterior;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Updates;

/// <summary>The graph of an updatable model: what is frozen in it, up to φ, and what a new posterior changes.</summary>
internal sealed class FrozenGraph
{
    private const string HeadPart = "head/";
    private const string OutputWeight = HeadPart + "output_weight";
    private const string NoiseLevel = "regression/noise_level";
    private readonly ModelProto _model;

    /// <exception cref="ModelFormatException">The graph is not of an updatable model.</exception>
    public FrozenGraph(ModelProto model)
    {
        _model = model;
        (Basis, Upstream) = GraphCut.Before(model, OutputWeight);
    }

    /// <summary>The value that is φ but for a factor.</summary>
    public string Basis { get; }

    /// <summary>The graph from the features to <see cref="Basis"/>, as ONNX.</summary>
    public byte[] Upstream { get; }

    /// <summary>Of the frozen layers and of what the network was trained on: only models that come from one training share it.</summary>
    public string Fingerprint
    {
        get
        {
            using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
            hash.AppendData(Upstream);
            foreach (var tensor in _model.Graph.Initializer.Where(tensor => tensor.Name.StartsWith(
                OnnxGraph.KeptName(UpdatableState.TrainedPart), StringComparison.Ordinal)))
                hash.AppendData(tensor.ToByteArray());
            return Convert.ToHexString(hash.GetHashAndReset());
        }
    }

    /// <summary>The centre and the unit of a regression's label, and the constant that is added to φβ.</summary>
    public (double Centre, double Unit, double Bias) Label => (Number("regression/centre") ?? 0, Number("regression/unit") ?? 1,
        Number(HeadPart + "output_bias") ?? 0);

    /// <summary>Writes a new posterior.</summary>
    /// <param name="weights">β, shape [M, P].</param>
    /// <param name="variance">σ² as a function of φ.</param>
    /// <param name="noise">ν; null where there is none.</param>
    /// <param name="state">What the model keeps from now on.</param>
    public void Write(Tensor weights, VarianceForm variance, double? noise, UpdatableState state)
    {
        using var scope = NewDisposeScope();
        using var amplitude = state.Amplitude.ToScalar();
        var graph = new OnnxGraph(_model.Graph.Name);
        var builder = new OnnxGraphBuilder(graph).Within(HeadPart.TrimEnd('/'));
        builder.Constant("output_weight", weights.mul(amplitude));
        var value = variance.AddTo(builder, Basis, state.Amplitude);
        if (noise is { } level)
            graph.Constant(NoiseLevel, [(float)level], 1);
        state.AddTo(graph);
        // The form of the variance may be another one than before.
        GraphCut.Replace(_model.Graph, graph.Proto, [.. VarianceForm.Names.Select(name => HeadPart + name)], value);
    }

    private float? Number(string name) => ModelGraphReader.ReadScalar(_model.Graph, name);
}
