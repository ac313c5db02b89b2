using System;
using System.Collections.Generic;
using System.IO;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Scores rows with an ONNX model, one row at a time.</summary>
[LoadableClass(Signature)]
public sealed class OnnxTransformer : RowToRowTransformerBase, IDisposable
{
    private const string Signature = "OnnxTransform";
    private readonly OnnxOptions _options;
    private bool _disposed;

    internal OnnxTransformer(IHostEnvironment env, OnnxOptions options) : this(env, options, ReadModel(options))
    {
    }

    private OnnxTransformer(IHostEnvironment env, OnnxOptions options, byte[] bytes) : base(env.Register(nameof(OnnxTransformer)))
    {
        _options = options;
        try
        {
            Model = new OnnxModel(bytes, options);
        }
        catch (OnnxRuntimeException e)
        {
            throw new InvalidOperationException($"Error initializing model :{e}", e);
        }
        Inputs = options.InputColumns is { Length: > 0 } inputs ? inputs : Model.Inputs.Select(v => v.Name).ToArray();
        Outputs = options.OutputColumns is { Length: > 0 } outputs ? outputs : Model.Outputs.Select(v => v.Name).ToArray();
        OutputTypes = Array.ConvertAll(Outputs, name => Model.GetOutput(name).Type);
    }

    internal OnnxModel Model { get; }

    internal string[] Inputs { get; }

    internal string[] Outputs { get; }

    internal DataViewType[] OutputTypes { get; }

    public void Dispose()
    {
        if (_disposed)
            return;
        _disposed = true;
        Model.Dispose();
    }

    private protected override IRowMapper MakeRowMapper(DataViewSchema inputSchema) => new OnnxRowMapper(this, inputSchema);

    private static byte[] ReadModel(OnnxOptions options)
    {
        if (options.ModelBytes == null)
        {
            Contracts.CheckNonEmpty(options.ModelFile, nameof(options.ModelFile));
            return File.Exists(options.ModelFile) ? File.ReadAllBytes(options.ModelFile)
                : throw new IOException($"Model file {options.ModelFile} does not exists.");
        }
        using var copy = new MemoryStream();
        options.ModelBytes.Seek(0, SeekOrigin.Begin);
        options.ModelBytes.CopyTo(copy);
        return copy.ToArray();
    }

    // The model's bytes stand in an entry of their own, after their length.
    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader(Signature, typeof(OnnxTransformer).Assembly);
        ctx.SaveBinaryStream("OnnxModel", writer =>
        {
            writer.Write(Model.Bytes.Length);
            writer.Write(Model.Bytes);
        });
        ctx.Writer.WriteStrings(Inputs);
        ctx.Writer.WriteStrings(Outputs);
        var shapes = _options.ShapeDictionary ?? new Dictionary<string, int[]>();
        ctx.Writer.Write(shapes.Count);
        foreach (var (name, shape) in shapes)
        {
            ctx.Writer.Write(name);
            ctx.Writer.Write(shape.Length);
            foreach (int size in shape)
                ctx.Writer.Write(size);
        }
        ctx.Writer.Write(_options.RecursionLimit);
    }

    private static OnnxTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        byte[] bytes = null;
        bool found = ctx.TryLoadBinaryStream("OnnxModel", reader =>
        {
            int length = reader.ReadInt32();
            Contracts.CheckDecode(length >= 0, "Corrupt model file");
            bytes = reader.ReadBytes(length);
            Contracts.CheckDecode(bytes.Length == length, "Corrupt model file");
        });
        Contracts.CheckDecode(found, "Corrupt model file");
        var options = new OnnxOptions { InputColumns = ctx.Reader.ReadStrings(), OutputColumns = ctx.Reader.ReadStrings() };
        options.ShapeDictionary = Enumerable.Range(0, ctx.Reader.ReadInt32()).ToDictionary(_ => ctx.Reader.ReadString(),
            _ => Enumerable.Range(0, ctx.Reader.ReadInt32()).Select(_ => ctx.Reader.ReadInt32()).ToArray());
        options.RecursionLimit = ctx.Reader.ReadInt32();
        if (env is HostEnvironment host)
        {
            options.GpuDeviceId = host.Root.GpuDeviceId;
            options.FallbackToCpu = host.Root.FallbackToCpu;
        }
        return new OnnxTransformer(env, options, bytes);
    }
}
