using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Converts columns to another item type.</summary>
public sealed class TypeConvertingEstimator : TrivialEstimator<TypeConvertingTransformer>
{
    internal TypeConvertingEstimator(IHostEnvironment env, DataKind outputKind, params (string outputColumnName, string inputColumnName)[] columns)
        : base(env.Register(nameof(TypeConvertingEstimator)), new TypeConvertingTransformer(env, outputKind, columns))
    {
    }

    public override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(c => c.Name);
        foreach (var (output, input) in Transformer.ColumnPairs)
        {
            var column = Shapes.Find(inputSchema, input);
            var type = ColumnTypes.FromKind(Transformer.OutputKind);
            if (ValueConversions.Find(column.ItemType, type) == null)
                throw Contracts.ExceptParam(nameof(inputSchema), $"Don't know how to convert {input} into {type}");
            // As in ML.NET, the shape keeps all annotations, though the column keeps only those that still hold.
            result[output] = new SchemaShape.Column(output, column.Kind, type, false, column.Annotations);
        }
        return new SchemaShape(result.Values);
    }
}
