using System.Globalization;
using Google.Protobuf;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Text;

/// <summary>What is read of an encoder's graph before it is opened.</summary>
internal static class EncoderGraph
{
    public const string InputIds = "input_ids";
    public const string AttentionMask = "attention_mask";
    public const string TokenTypeIds = "token_type_ids";

    // Vocabularies are padded with rows that no token has, up to a multiple of 128 at the most.
    private const int MostSpareRows = 255;

    /// <exception cref="ModelFormatException">The bytes are not an ONNX model.</exception>
    public static ModelProto Parse(byte[] model, string path)
    {
        try
        {
            var proto = ModelProto.Parser.ParseFrom(model);
            if (proto.Graph is { Node.Count: > 0 })
                return proto;
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new ModelFormatException($"'{path}' is not an ONNX file, or it is cut short: {exception.Message}", exception);
        }
        throw new ModelFormatException($"'{path}' is not an ONNX file: its {model.Length} bytes hold no graph.");
    }

    /// <summary>Refuses a vocabulary that is of another encoder, where the graph shows how many tokens it knows.</summary>
    /// <exception cref="ModelFormatException">The vocabulary has more tokens, or many fewer.</exception>
    public static void CheckVocabulary(GraphProto graph, int size, SentenceEncoderOptions options)
    {
        if (EmbeddingRows(graph) is not { } rows || (size <= rows && size + MostSpareRows >= rows))
            return;
        throw new ModelFormatException(
            $"The vocabulary '{options.VocabularyPath}' has {Number(size)} tokens and the encoder '{options.ModelPath}' knows "
            + $"{Number(rows)}: "
            + "they do not belong together. Give the vocab.txt that lies beside the encoder's ONNX file.");

        static string Number(long number) => number.ToString(CultureInfo.InvariantCulture);
    }

    /// <summary>The number of rows of the table that token ids are looked up in; null where the graph does it in some other way.</summary>
    public static long? EmbeddingRows(GraphProto graph)
    {
        var lookup =
            graph.Node.FirstOrDefault(node => node.OpType == "Gather" && node.Input.Count > 1 && Source(graph, node.Input[1]) == InputIds);
        var table = lookup == null ? null : Source(graph, lookup.Input[0]);
        return graph.Initializer.FirstOrDefault(tensor => tensor.Name == table && tensor.Dims.Count == 2)?.Dims[0];
    }

    // Past conversions and the scaling of quantised weights.
    private static string Source(GraphProto graph, string name)
    {
        for (var steps = 0; steps < 4; steps++)
        {
            var maker = graph.Node.FirstOrDefault(node => node.Output.Contains(name));
            if (maker?.OpType is not ("Cast" or "Identity" or "DequantizeLinear"))
                break;
            name = maker.Input[0];
        }
        return name;
    }
}
