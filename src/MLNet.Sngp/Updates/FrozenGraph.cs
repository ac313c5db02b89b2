using System.Security.Cryptography;
using Google.Protobuf;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Scoring;
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
        Basis = model.Graph.Node.FirstOrDefault(node => node.Input.Count == 2 && node.Input[1] == OutputWeight)?.Input[0]
            ?? throw new ModelFormatException("The model's graph has no output weights. Give a file that SaveAsOnnx wrote.");
        var whole = model.Clone();
        whole.Graph.Output.Clear();
        whole.Graph.Output.Add(new ValueInfoProto { Name = Basis });
        // One output more than is asked for, so that what it does not need is left out.
        whole.Graph.Output.Add(model.Graph.Output[0]);
        Upstream = new GraphPruner(whole).Prune([Basis]);
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
        Replace(graph.Proto, value);
    }

    // The form of the variance may be another one than before.
    private void Replace(GraphProto changed, string variance)
    {
        var graph = _model.Graph;
        var old = VarianceForm.Names.Select(name => HeadPart + name).ToHashSet(StringComparer.Ordinal);
        var nodes = graph.Node.Where(node => old.Contains(node.Output[0])).ToList();
        var place = graph.Node.IndexOf(nodes[0]);
        var last = nodes[^1].Output[0];
        nodes.ForEach(node => graph.Node.Remove(node));
        foreach (var node in graph.Node)
        {
            for (var i = 0; i < node.Input.Count; i++)
                node.Input[i] = node.Input[i] == last ? variance : node.Input[i];
        }
        foreach (var node in changed.Node.Reverse())
            graph.Node.Insert(place, node);
        var names = changed.Initializer.Select(tensor => tensor.Name).ToHashSet(StringComparer.Ordinal);
        var used = graph.Node.SelectMany(node => node.Input).ToHashSet(StringComparer.Ordinal);
        var kept = graph.Initializer.Where(tensor => !names.Contains(tensor.Name) && used.Contains(tensor.Name)).ToList();
        graph.Initializer.Clear();
        graph.Initializer.AddRange(kept);
        graph.Initializer.AddRange(changed.Initializer);
    }

    private float? Number(string name) => ModelGraphReader.ReadScalar(_model.Graph, name);
}
