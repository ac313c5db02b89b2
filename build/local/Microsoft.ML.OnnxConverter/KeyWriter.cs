using System;
using System.Collections.Generic;
using System.Globalization;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;
using MLNet.Sngp.Onnx;

namespace Microsoft.ML.Model.OnnxConverter;

/// <summary>
/// Writes mappings to and from keys as label encoders. Those take text, single precision and Int64 only, and not Int64 to Int64,
/// so other numbers go through text or single precision.
/// </summary>
internal static class KeyWriter
{
    public static bool WriteValueToKey(GraphContext graph, KeyDictionary dictionary, DataViewType type, string input, string output)
    {
        var encoded = graph.AddVariable(new VectorDataViewType(NumberDataViewType.Int64, type.GetValueCount()), "LabelEncoderOutput");
        var node = dictionary switch
        {
            KeyDictionary<ReadOnlyMemory<char>> text => Encoder(graph, input, encoded).With("keys_strings", text.Values.Select(v => v.ToString())),
            KeyDictionary<float> single => Encoder(graph, input, encoded).With("keys_floats", single.Values),
            KeyDictionary<double> real => Encoder(graph, Cast(graph, input, NumberDataViewType.Single, "castOutput"), encoded)
                .With("keys_floats", real.Values.Select(v => (float)v)),
            KeyDictionary<bool> flag => Encoder(graph, Cast(graph, input, NumberDataViewType.Single, "castOutput"), encoded)
                .With("keys_floats", flag.Values.Select(v => v ? 1f : 0f)),
            KeyDictionary<long> or KeyDictionary<int> or KeyDictionary<short> or KeyDictionary<ulong> or KeyDictionary<uint> or KeyDictionary<ushort>
                => Encoder(graph, Cast(graph, input, TextDataViewType.Instance, "castOutput"), encoded).With("keys_strings", Texts(dictionary)),
            _ => null,
        };
        if (node == null)
            return false;
        // Values that were not learnt become key 0.
        node.With("default_int64", 0).With("default_string", "0").With("default_float", 0f)
            .With("values_int64s", Enumerable.Range(1, dictionary.Count).Select(i => (long)i));
        graph.AddNode("Cast", "", encoded, output).With("to", typeof(uint));
        return true;
    }

    public static bool WriteKeyToValue(GraphContext graph, Array values, string input, string output)
    {
        var item = values.GetType().GetElementType();
        int width = graph.Width(input);
        var key = Cast(graph, input, NumberDataViewType.Int64, "CastNodeOutput");
        bool asText = item == typeof(long) || item == typeof(int) || item == typeof(short) || item == typeof(ulong) || item == typeof(uint) || item == typeof(ushort);
        bool asSingle = item == typeof(double) || item == typeof(bool);
        var found = !asText && !asSingle ? output : graph.AddVariable(
            new VectorDataViewType(asText ? TextDataViewType.Instance : NumberDataViewType.Single, width), "CastNodeOutput");
        var node = graph.AddNode("LabelEncoder", GraphContext.MachineLearning, key, found).With("keys_int64s", Enumerable.Range(1, values.Length).Select(i => (long)i));
        if (asText || item == typeof(ReadOnlyMemory<char>))
            node.With("values_strings", values.Cast<object>().Select(v => Convert.ToString(v, CultureInfo.InvariantCulture)));
        else if (asSingle || item == typeof(float))
            node.With("values_floats", values.Cast<object>().Select(v => Convert.ToSingle(v, CultureInfo.InvariantCulture)));
        else
            return false;
        if (found != output)
            graph.AddNode("Cast", "", found, output).With("to", item);
        return true;
    }

    public static bool WriteKeyToVector(GraphContext graph, DataViewType type, bool counts, string input, string output)
    {
        var keys = (KeyDataViewType)type.GetItemType();
        int values = type.GetValueCount(), categories = checked((int)keys.Count);
        var key = graph.AddVariable(new VectorDataViewType(NumberDataViewType.Int64, values), "Cast");
        graph.AddNode("Cast", "", input, key).With("to", typeof(long));
        bool sum = counts && type is VectorDataViewType;
        var encoded = sum ? graph.AddVariable(new VectorDataViewType(NumberDataViewType.Single, values, categories), "encoded") : output;
        graph.AddNode("OneHotEncoder", GraphContext.MachineLearning, key, encoded)
            .With("cats_int64s", Enumerable.Range(1, categories).Select(i => (long)i)).With("zeros", 1);
        if (sum)
            graph.AddNode("ReduceSum", "", encoded, output).With("axes", new[] { 1L }).With("keepdims", 0);
        return true;
    }

    private static NodeProto Encoder(GraphContext graph, string input, string output) => graph.AddNode("LabelEncoder", GraphContext.MachineLearning, input, output);

    private static string Cast(GraphContext graph, string input, PrimitiveDataViewType type, string name)
    {
        var output = graph.AddVariable(new VectorDataViewType(type, graph.Width(input)), name);
        graph.AddNode("Cast", "", input, output).With("to", type.RawType);
        return output;
    }

    private static IEnumerable<string> Texts(KeyDictionary dictionary)
        => dictionary.AllValues.Select(v => Convert.ToString(v, CultureInfo.InvariantCulture));
}
