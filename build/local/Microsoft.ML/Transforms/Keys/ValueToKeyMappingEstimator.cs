using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Learns a column's values and maps them to keys.</summary>
public sealed class ValueToKeyMappingEstimator : IEstimator<ValueToKeyMappingTransformer>
{
    public enum KeyOrdinality : byte
    {
        ByOccurrence = 0,
        ByValue = 1,
    }

    /// <summary>What to do for one column.</summary>
    internal sealed record ColumnOptions(string OutputColumnName, string InputColumnName, int MaximumNumberOfKeys = 1000000,
        KeyOrdinality KeyOrdinality = KeyOrdinality.ByOccurrence, bool AddKeyValueAnnotationsAsText = false);

    private readonly IHost _host;
    private readonly ColumnOptions[] _columns;
    private readonly IDataView _keyData;

    internal ValueToKeyMappingEstimator(IHostEnvironment env, ColumnOptions[] columns, IDataView keyData = null)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register(nameof(ValueToKeyMappingEstimator));
        Contracts.CheckParam(columns is { Length: > 0 }, nameof(columns), "columns cannot be null or empty");
        Contracts.CheckParam(keyData == null || keyData.Schema.Count == 1, nameof(keyData),
            $"If specified, the key data must have exactly one column, with the values to map, but it has {keyData?.Schema.Count}.");
        _columns = columns;
        _keyData = keyData;
    }

    public ValueToKeyMappingTransformer Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        var source = _columns.Select(c => KeyLearner.FindColumn(input.Schema, c.InputColumnName)).ToArray();
        var dictionaries = _keyData == null
            ? KeyLearner.Learn(_host, input, _columns, source)
            : KeyLearner.FromKeyData(_host, _keyData, _columns, source);
        return new ValueToKeyMappingTransformer(_host, _columns, dictionaries);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(c => c.Name);
        foreach (var info in _columns)
        {
            var column = Shapes.Find(inputSchema, info.InputColumnName);
            if (!Shapes.IsStandardScalar(column.ItemType))
                throw Contracts.ExceptMissing("input", info.InputColumnName);
            // Keys over keys keep the values that the inner keys stand for.
            if (!column.IsKey || !column.Annotations.TryFindColumn(AnnotationKinds.KeyValues, out var values)
                || values.Kind != SchemaShape.Column.VectorKind.Vector)
                values = new SchemaShape.Column(AnnotationKinds.KeyValues, SchemaShape.Column.VectorKind.Vector,
                    info.AddKeyValueAnnotationsAsText ? TextDataViewType.Instance : column.ItemType, column.IsKey);
            var annotations = column.Annotations.TryFindColumn(AnnotationKinds.SlotNames, out var slots) ? new[] { slots, values } : new[] { values };
            result[info.OutputColumnName] = new SchemaShape.Column(info.OutputColumnName, column.Kind,
                NumberDataViewType.UInt32, true, new SchemaShape(annotations));
        }
        return new SchemaShape(result.Values);
    }
}
