using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Looks values up in a table.</summary>
public class ValueMappingEstimator : TrivialEstimator<ValueMappingTransformer>
{
    internal ValueMappingEstimator(IHostEnvironment env, ValueMap map, params (string outputColumnName, string inputColumnName)[] columns)
        : base(env.Register(nameof(ValueMappingEstimator)), new ValueMappingTransformer(env, map, columns))
    {
    }

    public sealed override SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(c => c.Name);
        var type = Transformer.ValueColumn.Type;
        var item = type is KeyDataViewType ? NumberDataViewType.UInt32 : type;
        foreach (var (output, input) in Transformer.ColumnPairs)
        {
            var column = Shapes.Find(inputSchema, input);
            result[output] = new SchemaShape.Column(output, column.Kind, item, type is KeyDataViewType, SchemaShape.Create(Transformer.ValueColumn.Annotations.Schema));
        }
        return new SchemaShape(result.Values);
    }
}
