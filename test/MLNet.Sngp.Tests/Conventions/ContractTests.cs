using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MLNet.Sngp.Tests.Conventions;

/// <summary>What the other packages use of that of inference's internals is a short list: a change elsewhere there cannot break
/// it.</summary>
[TestClass]
public class ContractTests
{
    private static readonly string[] Contract =
    [
        // Writing a graph, and what a model says about itself.
        "MLNet.Sngp.Onnx.OnnxGraph", "MLNet.Sngp.Onnx.OnnxAttribute", "MLNet.Sngp.Onnx.AttributeProto", "MLNet.Sngp.Onnx.GraphProto",
        "MLNet.Sngp.Onnx.ModelProto",
        "MLNet.Sngp.Onnx.TensorProto", "MLNet.Sngp.Onnx.TensorProto.Types", "MLNet.Sngp.Onnx.TensorProto.Types.DataType",
        "MLNet.Sngp.ModelMetadata", "MLNet.Sngp.OutputColumn", "MLNet.Sngp.ColumnKind", "MLNet.Sngp.ColumnNames",
        // Taking a graph apart where new rows change it.
        "MLNet.Sngp.Onnx.GraphCut",
        // What is promised before training; the most classes a model may have.
        "MLNet.Sngp.Scoring.OutputPromise", "MLNet.Sngp.ModelGraphReader",
        // What is said of a column, in training as in scoring.
        "MLNet.Sngp.ColumnShape", "MLNet.Sngp.SlotNames", "MLNet.Sngp.ColumnShapes",
        // Files that are written whole or not at all.
        "MLNet.Sngp.Persistence.AtomicFile",
    ];

    private static readonly string[] ContractOfText =
    [
        // Cursors, and what they ask for.
        "MLNet.Sngp.Scoring.RowScorer", "MLNet.Sngp.Scoring.RowBuffers", "MLNet.Sngp.Scoring.InputReader",
        "MLNet.Sngp.Scoring.ScoredSchema",
        "MLNet.Sngp.Scoring.ScoredDataView", "MLNet.Sngp.Scoring.ScoredRowMapper", "MLNet.Sngp.OutputColumn", "MLNet.Sngp.ColumnKind",
        // What is said of a column.
        "MLNet.Sngp.ColumnShape", "MLNet.Sngp.ColumnShapes",
        // The zip format, both ways.
        "MLNet.Sngp.Persistence.RowwiseChain", "MLNet.Sngp.Persistence.BatchingForm",
        // The protocol buffers of a graph.
        "MLNet.Sngp.Onnx.*",
    ];

    [TestMethod]
    [DataRow(typeof(SngpOptions))]
    [DataRow(typeof(SentenceEncoderOptions))]
    public void ThePackagesUseNoOtherInternalsOfThatOfInference(Type type)
    {
        var contract = type == typeof(SngpOptions) ? Contract : ContractOfText;
        var inference = typeof(UncertaintyModel).Assembly;
        using var file = new PEReader(File.OpenRead(type.Assembly.Location));
        var metadata = file.GetMetadataReader();
        var used = metadata.TypeReferences.Select(metadata.GetTypeReference).Where(type => IsOf(type, inference.GetName().Name!))
            .Select(Name).ToList();
        Assert.IsNotEmpty(used);
        string[] internals =
            [.. used.Where(name => inference.GetType(name) is { IsVisible: false }).Select(name => name.Replace('+', '.'))];
        // Constants are compiled in, and their type leaves no trace.
        var others = internals.Where(name => !contract.Contains(name) && !contract.Contains(name[..(name.IndexOf(".Onnx.",
            StringComparison.Ordinal) + 6)] + "*"));
        Assert.AreEqual("", string.Join(", ", others));

        bool IsOf(TypeReference type, string assembly) => type.ResolutionScope.Kind switch
        {
            HandleKind.AssemblyReference =>
                metadata.GetString(metadata.GetAssemblyReference((AssemblyReferenceHandle)type.ResolutionScope).Name) == assembly,
            HandleKind.TypeReference => IsOf(metadata.GetTypeReference((TypeReferenceHandle)type.ResolutionScope), assembly),
            _ => false,
        };

        string Name(TypeReference type) => type.ResolutionScope.Kind == HandleKind.TypeReference
            ? $"{Name(metadata.GetTypeReference((TypeReferenceHandle)type.ResolutionScope))}+{metadata.GetString(type.Name)}"
            : $"{metadata.GetString(type.Namespace)}.{metadata.GetString(type.Name)}";
    }
}
