using Google.Protobuf;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Tests.Support;

/// <summary>An encoder whose hidden vectors are the rows of a table: the embedding of a text can be written down.</summary>
internal sealed class SmallEncoder : IDisposable
{
    public const int Width = 3;

    public static readonly string[] Tokens =
        ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "red", "green", "blue", "##s", "query", ":", "a", "[MASK]"];

    private readonly TemporaryFolder _folder = new();

    public SmallEncoder(string[]? inputs = null, int rows = 12, int opset = 14)
    {
        File.WriteAllBytes(ModelPath, Model(inputs ?? ["input_ids", "attention_mask", "token_type_ids"], rows, opset).ToByteArray());
        File.WriteAllLines(VocabularyPath, Tokens);
    }

    public string ModelPath => _folder.File("model.onnx");

    public string VocabularyPath => _folder.File("vocab.txt");

    /// <summary>Row i of the table.</summary>
    public static float[] Row(string token) => Row(Array.IndexOf(Tokens, token));

    /// <summary>The mean over the rows of tokens.</summary>
    public static float[] Mean(params string[] tokens) =>
        [.. Enumerable.Range(0, Width).Select(i => tokens.Average(token => Row(token)[i]))];

    public SentenceEncoderOptions Options() => new() { ModelPath = ModelPath, VocabularyPath = VocabularyPath, Normalize = false };

    public void Dispose() => _folder.Dispose();

    private static float[] Row(int i) => [i, 1f / (i + 1), (i % 3) - 1];

    private static ModelProto Model(string[] inputs, int rows, int opset)
    {
        var table = new TensorProto { Name = "table", DataType = (int)TensorProto.Types.DataType.Float };
        table.Dims.AddRange([rows, Width]);
        table.FloatData.AddRange(Enumerable.Range(0, rows).SelectMany(Row));
        var first = new TensorProto { Name = "first", DataType = (int)TensorProto.Types.DataType.Int64 };
        first.Int64Data.Add(0);
        var graph = new GraphProto { Name = "encoder" };
        graph.Initializer.AddRange([table, first]);
        graph.Input.AddRange(inputs.Select(name => Value(name, TensorProto.Types.DataType.Int64, "batch", "sequence")));
        graph.Node.Add(Node("Gather", "hidden", "table", "input_ids"));
        graph.Node.Add(Node("Gather", "pooled", "hidden", "first"));
        graph.Node[1].Attribute.Add(OnnxAttribute.Of("axis", 1L));
        graph.Output.Add(Value("hidden", TensorProto.Types.DataType.Float, "batch", "sequence", "width"));
        graph.Output.Add(Value("pooled", TensorProto.Types.DataType.Float, "batch", "width"));
        var model = new ModelProto { IrVersion = 6, Graph = graph };
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "", Version = opset });
        return model;
    }

    private static NodeProto Node(string kind, string output, params string[] inputs)
    {
        var node = new NodeProto { OpType = kind, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        return node;
    }

    private static ValueInfoProto Value(string name, TensorProto.Types.DataType type, params string[] dimensions)
    {
        var tensor = new TypeProto.Types.Tensor { ElemType = (int)type, Shape = new TensorShapeProto() };
        tensor.Shape.Dim.AddRange(dimensions.Select(dimension => new TensorShapeProto.Types.Dimension { DimParam = dimension }));
        return new ValueInfoProto { Name = name, Type = new TypeProto { TensorType = tensor } };
    }
}
