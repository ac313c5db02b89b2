using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Joins columns of one item type into a vector.</summary>
public sealed class ColumnConcatenatingEstimator : IEstimator<ColumnConcatenatingTransformer>
{
    private readonly IHost _host;
    private readonly string _name;
    private readonly string[] _sources;

    internal ColumnConcatenatingEstimator(IHostEnvironment env, string outputColumnName, params string[] inputColumnNames)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register(nameof(ColumnConcatenatingEstimator));
        Contracts.CheckNonEmpty(outputColumnName, nameof(outputColumnName));
        Contracts.CheckValue(inputColumnNames, nameof(inputColumnNames));
        Contracts.CheckParam(inputColumnNames.Length > 0, nameof(inputColumnNames), "Input columns not specified");
        Contracts.CheckParam(!inputColumnNames.Any(string.IsNullOrEmpty), nameof(inputColumnNames), "Contained some null or empty items");
        _name = outputColumnName;
        _sources = inputColumnNames;
    }

    public ColumnConcatenatingTransformer Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        return new ColumnConcatenatingTransformer(_host, _name, _sources);
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(c => c.Name);
        result[_name] = Output(_sources.Select(name => Shapes.Find(inputSchema, name)).ToArray());
        return new SchemaShape(result.Values);
    }

    private SchemaShape.Column Output(SchemaShape.Column[] columns)
    {
        var item = columns[0].ItemType;
        foreach (var column in columns)
        {
            Contracts.Check(!column.IsKey, $"Column '{column.Name}' is key. Concatenation of keys is unsupported.");
            Contracts.Check(column.ItemType.Equals(item), $"Concatenated columns should have the same type. Column '{column.Name}' " +
                $"has type of {column.ItemType}, but expected column type is {item}.");
        }
        var kind = columns.Any(c => c.Kind == SchemaShape.Column.VectorKind.VariableVector)
            ? SchemaShape.Column.VectorKind.VariableVector : SchemaShape.Column.VectorKind.Vector;
        var annotations = new List<SchemaShape.Column>();
        if (columns.All(c => c.IsNormalized()))
            annotations.Add(new(AnnotationKinds.IsNormalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false));
        if (columns.Any(HasCategories))
            annotations.Add(new(CategoricalSlots.Kind, SchemaShape.Column.VectorKind.Vector, NumberDataViewType.Int32, false));
        if (columns.Any(c => c.Kind == SchemaShape.Column.VectorKind.Scalar || c.HasSlotNames()))
            annotations.Add(new(AnnotationKinds.SlotNames, SchemaShape.Column.VectorKind.Vector, TextDataViewType.Instance, false));
        return new SchemaShape.Column(_name, kind, item, false, new SchemaShape(annotations));
    }

    private static bool HasCategories(SchemaShape.Column column) => column.Annotations.TryFindColumn(CategoricalSlots.Kind, out var ranges)
        && ranges.Kind == SchemaShape.Column.VectorKind.Vector && ranges.ItemType.Equals(NumberDataViewType.Int32);
}
