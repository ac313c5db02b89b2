using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;

namespace Microsoft.ML.Model.OnnxConverter;

/// <summary>Writes one transform as nodes.</summary>
internal static class TransformWriter
{
    public static bool CanWrite(IDataView view)
        => view is SelectedColumnsView || (view is RowToRowMapperTransform { Mapper: ColumnMapper });

    public static void Write(GraphContext graph, IDataView view)
    {
        if (view is SelectedColumnsView selection)
        {
            WriteSelection(graph, selection);
            return;
        }
        var transform = (RowToRowMapperTransform)view;
        var outputs = transform.Mapper.GetOutputColumns();
        switch (((ColumnMapper)transform.Mapper).Transformer)
        {
            case ColumnConcatenatingTransformer concatenation:
                WriteConcatenation(graph, concatenation, transform.Source.Schema, outputs[0].Type);
                break;
            case NormalizingTransformer normalizer:
                ForEachPair(graph, normalizer, outputs, true, (i, input, output) => WriteScaler(graph, normalizer.Functions[i], input, output));
                break;
            case MissingValueReplacingTransformer replacing:
                ForEachPair(graph, replacing, outputs, true, (i, input, output) => WriteImputer(graph, replacing.Replacements[i], input, output));
                break;
            case MissingValueIndicatorTransformer indicator:
                ForEachPair(graph, indicator, outputs, true, (i, input, output) =>
                {
                    graph.AddNode("IsNaN", "", input, output);
                    return transform.Source.Schema[indicator.ColumnPairs[i].inputColumnName].Type.GetItemType().RawType == typeof(float);
                });
                break;
            case ValueToKeyMappingTransformer toKey:
                ForEachPair(graph, toKey, outputs, true, (i, input, output) => KeyWriter.WriteValueToKey(graph, toKey.Dictionaries[i], outputs[i].Type, input, output));
                break;
            case KeyToValueMappingTransformer toValue:
                ForEachPair(graph, toValue, outputs, false, (i, input, output) =>
                    KeyWriter.WriteKeyToValue(graph, KeyToValueMappingTransformer.ReadValues(transform.Source.Schema[toValue.ColumnPairs[i].inputColumnName]), input, output));
                break;
            case KeyToVectorMappingTransformer toVector:
                ForEachPair(graph, toVector, outputs, false, (i, input, output) =>
                    KeyWriter.WriteKeyToVector(graph, transform.Source.Schema[toVector.ColumnPairs[i].inputColumnName].Type, toVector.OutputCountVector, input, output));
                break;
            case TypeConvertingTransformer converting:
                ForEachPair(graph, converting, outputs, true, (_, input, output) =>
                {
                    graph.AddNode("Cast", "", input, output).With("to", ColumnTypes.FromKind(converting.OutputKind).RawType);
                    return true;
                });
                break;
            case ColumnCopyingTransformer copying:
                ForEachPair(graph, copying, outputs, false, (_, input, output) =>
                {
                    graph.AddNode("Identity", "", input, output);
                    return true;
                });
                break;
        }
    }

    /// <param name="forget">Whether a column whose input the graph lacks is taken out of it.</param>
    /// <param name="write">Given the pair and the variables of its input and output; false when it cannot be written.</param>
    private static void ForEachPair(GraphContext graph, OneToOneTransformerBase transformer, DataViewSchema.DetachedColumn[] outputs, bool forget,
        Func<int, string, string, bool> write)
    {
        for (int i = 0; i < outputs.Length; i++)
        {
            var (output, column) = transformer.ColumnPairs[i];
            var input = graph.Find(column);
            if (input == null)
            {
                if (forget)
                    graph.Remove(output, false);
            }
            else if (!write(i, input, graph.AddVariable(outputs[i].Type, output)))
                graph.Remove(output, true);
        }
    }

    private static void WriteSelection(GraphContext graph, SelectedColumnsView selection)
    {
        foreach (var column in selection.Schema)
        {
            var input = graph.Find(selection.SourceOf(column).Name);
            if (input != null && !column.IsHidden)
                graph.AddNode("Identity", "", input, graph.AddVariable(column.Type, column.Name));
        }
    }

    // FeatureVectorizer gives single precision, whatever it is given.
    private static void WriteConcatenation(GraphContext graph, ColumnConcatenatingTransformer concatenation, DataViewSchema schema, DataViewType type)
    {
        var inputs = concatenation.InputColumnNames.Select(graph.Find).ToArray();
        if (type.GetItemType() is not NumberDataViewType || type.GetValueCount() == 0 || inputs.Contains(null))
        {
            graph.Remove(concatenation.OutputColumnName, false);
            return;
        }
        var sizes = concatenation.InputColumnNames.Select(name => (long)schema[name].Type.GetValueCount()).ToArray();
        var joined = graph.AddVariable(new VectorDataViewType(NumberDataViewType.Single, (int)sizes.Sum()), "VectorFeaturizerOutput");
        graph.AddNode("FeatureVectorizer", GraphContext.MachineLearning, inputs, joined).With("inputdimensions", sizes);
        var item = (PrimitiveDataViewType)type.GetItemType();
        var output = graph.AddVariable(new VectorDataViewType(item, (int)sizes.Sum()), concatenation.OutputColumnName);
        graph.AddNode("Cast", "", joined, output).With("to", item.RawType);
    }

    private static bool WriteScaler(GraphContext graph, ColumnFunction function, string input, string output)
    {
        if (function.Affine is not { } affine)
            return false;
        graph.AddNode("Scaler", GraphContext.MachineLearning, input, output).With("offset", affine.Offset).With("scale", affine.Scale);
        return true;
    }

    private static bool WriteImputer(GraphContext graph, Array replacement, string input, string output)
    {
        if (replacement is not float[] values)
            return false;
        graph.AddNode("Imputer", GraphContext.MachineLearning, input, output)
            .With("replaced_value_float", float.NaN).With("imputed_value_floats", (IEnumerable<float>)values);
        return true;
    }
}
