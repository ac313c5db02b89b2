using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms.Onnx;

/// <summary>Scores rows with an ONNX model.</summary>
public sealed class OnnxScoringEstimator : TrivialEstimator<OnnxTransformer>
{
    internal OnnxScoringEstimator(IHostEnvironment env, OnnxTransformer transformer) : base(env.Register(nameof(OnnxTransformer)), transformer)
    {
    }

    // As in ML.NET, columns have the outputs' full names here, and all of them are vectors.
    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(c => c.Name);
        foreach (var name in Transformer.Inputs)
        {
            if (!inputSchema.TryFindColumn(name, out var column))
                throw Contracts.ExceptMissing("input", name);
            var input = Transformer.Model.Inputs.FirstOrDefault(v => v.Name == name)
                ?? throw new InvalidOperationException($"Column {name} doesn't match input node names of model.");
            var wanted = ((VectorDataViewType)input.Type).ItemType;
            if (!column.ItemType.Equals(wanted))
                throw Contracts.ExceptMismatch("input", name, wanted.ToString(), column.ItemType.ToString());
        }
        for (int i = 0; i < Transformer.Outputs.Length; i++)
        {
            var type = Transformer.OutputTypes[i];
            var kind = type is VectorDataViewType { IsKnownSize: true } ? SchemaShape.Column.VectorKind.Vector : SchemaShape.Column.VectorKind.VariableVector;
            result[Transformer.Outputs[i]] = new SchemaShape.Column(Transformer.Outputs[i], kind, type.GetItemType(), false);
        }
        return new SchemaShape(result.Values);
    }
}
