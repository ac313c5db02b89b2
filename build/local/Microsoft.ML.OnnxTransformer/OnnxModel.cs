using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Google.Protobuf;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Onnx;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>An input or output of a graph.</summary>
internal sealed record OnnxVariable(string Name, int[] Shape, DataViewType Type);

/// <summary>A session, and what the model's file says of its variables' types, which the session does not tell.</summary>
internal sealed class OnnxModel : IDisposable
{
    private readonly InferenceSession _session;

    public OnnxModel(byte[] bytes, OnnxOptions options)
    {
        Bytes = bytes;
        _session = Open(bytes, options);
        try
        {
            using var coded = CodedInputStream.CreateWithLimits(new MemoryStream(bytes), int.MaxValue, options.RecursionLimit);
            Graph = ModelProto.Parser.ParseFrom(coded).Graph;
            // The runtime does not list initializers that may be overridden among the inputs, so they are none here.
            Inputs = Variables(_session.InputMetadata, Graph.Input, options.ShapeDictionary);
            Outputs = Variables(_session.OutputMetadata, Graph.Output, options.ShapeDictionary);
            Initializers = Variables(_session.OverridableInitializerMetadata, Graph.Input, options.ShapeDictionary);
        }
        catch
        {
            _session.Dispose();
            throw;
        }
    }

    public byte[] Bytes { get; }

    public GraphProto Graph { get; }

    public OnnxVariable[] Inputs { get; }

    public OnnxVariable[] Outputs { get; }

    public OnnxVariable[] Initializers { get; }

    public OnnxVariable GetInput(string name) => Inputs.Concat(Initializers).FirstOrDefault(v => v.Name == name)
        ?? throw new ArgumentOutOfRangeException($"Input tensor, {name}, does not exist in the ONNX model. Available input names are " +
            $"[{Names(Inputs)}]. Available initializers are [{Names(Initializers)}]", name, nameof(name));

    public OnnxVariable GetOutput(string name) => Outputs.FirstOrDefault(v => v.Name == name)
        ?? throw new ArgumentOutOfRangeException($"Ouput tensor, {name}, does not exist in the ONNX model. Available output names are [{Names(Outputs)}].",
            name, nameof(name));

    public IDisposableReadOnlyCollection<DisposableNamedOnnxValue> Run(IReadOnlyCollection<NamedOnnxValue> inputs, IReadOnlyCollection<string> outputs)
        => _session.Run(inputs, outputs);

    public void Dispose() => _session.Dispose();

    private static InferenceSession Open(byte[] bytes, OnnxOptions options)
    {
        if (options.GpuDeviceId is { } device)
        {
            try
            {
                return new InferenceSession(bytes, Threads(SessionOptions.MakeSessionOptionWithCudaProvider(device), options));
            }
            catch (OnnxRuntimeException) when (options.FallbackToCpu)
            {
            }
        }
        return new InferenceSession(bytes, Threads(new SessionOptions(), options));
    }

    private static SessionOptions Threads(SessionOptions session, OnnxOptions options)
    {
        session.InterOpNumThreads = options.InterOpNumThreads ?? 0;
        session.IntraOpNumThreads = options.IntraOpNumThreads ?? 0;
        return session;
    }

    private static OnnxVariable[] Variables(IReadOnlyDictionary<string, NodeMetadata> metadata, IEnumerable<ValueInfoProto> infos, IDictionary<string, int[]> shapes)
    {
        var types = infos.ToDictionary(info => info.Name, info => OnnxTypes.Of(info.Type));
        // The converter adds these to carry names, not values.
        bool IsUsed(string name) => !(name.StartsWith("mlnet.", StringComparison.Ordinal)
            && (name.EndsWith(".unusedInput", StringComparison.Ordinal) || name.EndsWith(".unusedOutput", StringComparison.Ordinal)));
        return metadata.Where(pair => IsUsed(pair.Key)).Select(pair => Reshape(pair.Key, pair.Value.Dimensions, types[pair.Key], shapes)).ToArray();
    }

    private static OnnxVariable Reshape(string name, int[] shape, DataViewType type, IDictionary<string, int[]> shapes)
    {
        if (shapes == null || !shapes.TryGetValue(name, out var own))
            return new OnnxVariable(name, shape, type);
        bool compatible = own.Length == shape.Length && own.Zip(shape).All(d => d.First == d.Second || d.First <= 0 || d.Second <= 0);
        if (!compatible)
            throw new ArgumentOutOfRangeException($"The specified shape {string.Join(",", own)} is not compatible with the shape {string.Join(",", shape)} " +
                "loaded from the ONNX model file. Only unknown dimension can replace or be replaced by another dimension.", own, "shapeDictionary");
        if (type is VectorDataViewType vector)
            type = own.All(d => d > 0) ? new VectorDataViewType(vector.ItemType, own) : new VectorDataViewType(vector.ItemType);
        return new OnnxVariable(name, own, type);
    }

    private static string Names(OnnxVariable[] variables) => string.Join(",", variables.Select(v => v.Name));
}
