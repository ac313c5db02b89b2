using Google.Protobuf;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Scoring;

namespace MLNet.Sngp;

/// <summary>
/// A trained model that gives each prediction with its uncertainty: one ONNX graph and what the graph says about itself.
/// Immutable and safe for use by several threads.
/// </summary>
public sealed class UncertaintyModel
{
    private readonly byte[] _onnx;

    /// <summary>Reads a model from the bytes of an ONNX file.</summary>
    /// <exception cref="ModelFormatException">The bytes are not a model of this library, or one that must not be run.</exception>
    /// <remarks>
    /// What is kept, and given to ONNX Runtime, is what was read and checked here, written anew: fields that this library does not
    /// know do not get through. A file that <c>SaveAsOnnx</c> wrote without inputs for λ and T is written anew byte for byte.
    /// </remarks>
    internal UncertaintyModel(byte[] onnx)
        : this(ModelGraphReader.Parse(onnx))
    {
    }

    /// <summary>Makes a model of a graph with its metadata, without a detour by the bytes of a file: models can be large.</summary>
    /// <exception cref="ModelFormatException">The graph is not a model of this library, or one that must not be run.</exception>
    internal UncertaintyModel(ModelProto proto)
    {
        CalibrationInputs.Remove(proto.Graph);
        _onnx = proto.ToByteArray();
        var metadata = ModelMetadata.Parse(ModelGraphReader.ReadProperties(proto));
        LibraryVersion = metadata.LibraryVersion;
        Method = metadata.Method;
        FeatureColumnName = metadata.FeatureColumnName;
        Labels = metadata.Labels ?? ClassLabels.None;
        Options = metadata.ReadOptions();
        NumberOfFeatures = ModelGraphReader.ReadNumberOfFeatures(proto.Graph, FeatureColumnName);
        Outputs = ModelGraphReader.ReadOutputs(proto.Graph, metadata.Columns, NumberOfClasses);
        LargestValue = GraphLimits.Check(proto, _onnx.Length);
        MeanFieldFactor = ModelGraphReader.ReadScalar(proto.Graph, ColumnNames.MeanFieldFactor);
        Temperature = ModelGraphReader.ReadScalar(proto.Graph, ColumnNames.Temperature);
    }

    /// <summary>Gets the name of the method that made the model, such as <c>Sngp</c>.</summary>
    public string Method { get; }

    /// <summary>Gets the version of the library that wrote the model.</summary>
    public string LibraryVersion { get; }

    /// <summary>Gets the name of the feature column, which is also the name of the graph's input.</summary>
    public string FeatureColumnName { get; }

    /// <summary>Gets the length of the feature vector.</summary>
    public int NumberOfFeatures { get; }

    /// <summary>Gets the number of classes; 0 when the model tells none apart.</summary>
    public int NumberOfClasses => Labels.Count;

    /// <summary>Gets the classes in the order of the training label's keys; none when the model tells none apart.</summary>
    public ClassLabels Labels { get; }

    /// <summary>
    /// Gets the options that the model was trained with, as text in the invariant culture.
    /// Options that were <see langword="null"/> are left out.
    /// </summary>
    public IReadOnlyDictionary<string, string> Options { get; }

    /// <summary>Gets the model as the bytes of an ONNX file.</summary>
    public ReadOnlyMemory<byte> Onnx => _onnx;

    internal byte[] OnnxBytes => _onnx;

    internal IReadOnlyList<OutputColumn> Outputs { get; }

    /// <summary>Whether it is a binary model, which gives the probability of true.</summary>
    internal bool IsBinary => Gives(ColumnNames.Probability);

    /// <summary>Whether it is a regression.</summary>
    internal bool IsRegression => Gives(ColumnNames.NoiseVariance);

    /// <summary>The number of elements of the largest value that a row has on its way through the graph.</summary>
    internal long LargestValue { get; }

    internal float? MeanFieldFactor { get; }

    internal float? Temperature { get; }

    /// <summary>Whether it gives a column of this name.</summary>
    internal bool Gives(string column) => Outputs.Any(output => output.Name == column);

    /// <summary>The same model with other values for its temperature and, where it has one, its mean-field factor.</summary>
    internal UncertaintyModel With(float temperature, float? meanFieldFactor)
    {
        var proto = ToProto();
        Set(ColumnNames.Temperature, temperature);
        if (meanFieldFactor is { } factor)
            Set(ColumnNames.MeanFieldFactor, factor);
        return new UncertaintyModel(proto);

        void Set(string name, float value)
        {
            var tensor = proto.Graph.Initializer.Single(tensor => tensor.Name == name);
            tensor.FloatData.Clear();
            tensor.RawData = ByteString.CopyFrom(BitConverter.GetBytes(value));
        }
    }

    /// <summary>The same model with some of its columns alone, and what they need.</summary>
    internal UncertaintyModel Keep(IReadOnlyList<string> columns)
    {
        var whole = ToProto();
        var kept = ModelGraphReader.Parse(new GraphPruner(whole).Prune(columns));
        (kept.ProducerName, kept.ProducerVersion) = (whole.ProducerName, whole.ProducerVersion);
        kept.MetadataProps.AddRange(whole.MetadataProps);
        ModelMetadata.SetColumns(kept, Outputs.Where(output => columns.Contains(output.Name)));
        return new UncertaintyModel(kept);
    }

    internal ModelProto ToProto() => ModelGraphReader.Parse(_onnx);

    /// <summary>The bytes of the file to write; see <see cref="SngpTransformer.SaveAsOnnx(string, bool)"/>.</summary>
    internal byte[] ToFile(bool overridableCalibration) => overridableCalibration ? CalibrationInputs.Add(ToProto()).ToByteArray() : _onnx;
}
