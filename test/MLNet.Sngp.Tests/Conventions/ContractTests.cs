using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace MLNet.Sngp.Tests.Conventions;

/// <summary>What the training package uses of the other's internals is a short list: a change elsewhere there cannot break it.</summary>
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
        // What is promised before training; the most classes a model may have.
        "MLNet.Sngp.Scoring.OutputPromise", "MLNet.Sngp.ModelGraphReader",
        // What is said of a column, in training as in scoring.
        "MLNet.Sngp.ColumnShape", "MLNet.Sngp.SlotNames", "MLNet.Sngp.ColumnShapes",
        // Files that are written whole or not at all.
        "MLNet.Sngp.Persistence.AtomicFile",
    ];

    [TestMethod]
    public void TheTrainingPackageUsesNoOtherInternalsOfTheOther()
    {
        var inference = typeof(UncertaintyModel).Assembly;
        using var file = new PEReader(File.OpenRead(typeof(SngpOptions).Assembly.Location));
        var metadata = file.GetMetadataReader();
        var used = metadata.TypeReferences.Select(metadata.GetTypeReference).Where(type => IsOf(type, inference.GetName().Name!))
            .Select(Name).ToList();
        Assert.IsNotEmpty(used);
        string[] internals =
            [.. used.Where(name => inference.GetType(name) is { IsVisible: false }).Select(name => name.Replace('+', '.'))];
        // Constants are compiled in, and their type leaves no trace.
        CollectionAssert.IsSubsetOf(internals, Contract, string.Join(", ", internals.Except(Contract)));

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
