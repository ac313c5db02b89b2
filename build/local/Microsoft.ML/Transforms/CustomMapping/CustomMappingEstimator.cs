using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Adds columns that a user's action computes, row by row.</summary>
public sealed class CustomMappingEstimator<TSrc, TDst> : TrivialEstimator<CustomMappingTransformer<TSrc, TDst>>
    where TSrc : class, new()
    where TDst : class, new()
{
    internal CustomMappingEstimator(IHostEnvironment env, Action<TSrc, TDst> mapAction, string contractName,
        SchemaDefinition inputSchemaDefinition, SchemaDefinition outputSchemaDefinition)
        : base(env.Register("CustomMappingEstimator"),
            new CustomMappingTransformer<TSrc, TDst>(env, mapAction, contractName, inputSchemaDefinition, outputSchemaDefinition))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var result = inputSchema.ToDictionary(c => c.Name);
        foreach (var wanted in UserColumns.Of(typeof(TSrc), Transformer.InputSchemaDefinition, SchemaDefinition.Direction.Both))
        {
            if (!result.TryGetValue(wanted.Name, out var column))
                throw Contracts.ExceptMissing("input", wanted.Name);
            if (!Accepts(SchemaShape.Column.Create(wanted.Name, wanted.Type, null), column))
                throw Contracts.ExceptMismatch("input", wanted.Name, wanted.Type.ToString(), column.GetTypeString());
        }
        foreach (var added in SchemaShape.Create(UserColumns.SchemaOf(Transformer.AddedColumns)))
            result[added.Name] = added;
        return new SchemaShape(result.Values);
    }

    // A vector of any length takes one of a fixed length too.
    private static bool Accepts(SchemaShape.Column wanted, SchemaShape.Column given)
        => wanted.ItemType.Equals(given.ItemType) && wanted.IsKey == given.IsKey && (wanted.Kind == given.Kind
            || (wanted.Kind == SchemaShape.Column.VectorKind.VariableVector && given.Kind == SchemaShape.Column.VectorKind.Vector));
}
