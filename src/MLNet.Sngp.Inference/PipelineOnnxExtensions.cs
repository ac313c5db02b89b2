using MLNet.Sngp;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Persistence;

namespace Microsoft.ML;

/// <summary>Adds <c>model.SaveAsOnnx(mlContext, sampleData, …)</c>: a whole pipeline as one ONNX file.</summary>
public static class PipelineOnnxExtensions
{
    /// <summary>
    /// Writes a pipeline that ends in a model of this library as one ONNX file: what comes before the model and the model itself in one
    /// graph. The file is replaced only once it is complete.
    /// </summary>
    /// <remarks>
    /// <para><b>Inputs</b> are the columns of <paramref name="sampleData"/> that the features are made of, under their names: numbers, text
    /// and truth values of shape [N, 1], vectors of shape [N, length]. Other columns, the label among them, are left out.</para>
    /// <para>Images are taken as they are when <c>ExtractPixels</c> reads them, loaded and resized: as raw pixels of type uint8 and shape
    /// [N, height, width, 4], red, green, blue and alpha. The models of <c>ApplyOnnxModel</c> and <c>DnnFeaturizeImage</c> become part of
    /// the file.</para>
    /// <para><b>Outputs</b> are those of <see cref="SngpTransformer.SaveAsOnnx(string, bool)"/>: <c>Score</c>, <c>Variance</c>,
    /// <c>Logits</c>,
    /// <c>Uncertainty</c> and <c>PredictedLabel</c>. The predicted label is a value of the training label's type instead of a key: where it
    /// is missing, because a feature is NaN, it is empty text, NaN, or the type's default value. Dates and time spans are given as text,
    /// which ONNX has instead. Labels without values stay keys of type uint32, which count from 1; 0 is missing.</para>
    /// <para><b>Names:</b> an output that has the name of an input gets the suffix <c>.output</c>, as in ML.NET's own converter, whose
    /// suffix
    /// <c>ApplyOnnxModel</c> takes off again. Where the export asks for them as inputs, <c>MeanFieldFactor</c> and <c>Temperature</c> get
    /// the prefix
    /// <c>Sngp.</c> in that case. The entry <c>mlnet_sngp.pipeline</c> of the graph's metadata says under which name each is found.</para>
    /// <para><b>Steps</b> before the model that do not bear on the features are left out, so they need not be exportable.
    /// Of the steps after it, those that map keys to values and those that select or drop columns are left out too.
    /// A run may hold any number of rows, except with steps that split text into words, which ML.NET converts for one row at a time; the
    /// log has a warning then. Before it is written, the file is compared with the pipeline under ONNX Runtime: on rows of
    /// <paramref name="sampleData"/>, and on odd ones made from them (empty, padded and non-ASCII text, NaN, negative and large numbers,
    /// missing keys), at most 256 in all. ML.NET converts some steps wrongly, and those are refused. A row at which the pipeline throws is
    /// left out. When nothing comes before the model, the file is the one that <see cref="SngpTransformer.SaveAsOnnx(string, bool)"/>
    /// writes.</para>
    /// </remarks>
    /// <param name="model">A fitted pipeline; also one that <c>mlContext.Sngp().Load</c> gave. Of several models of this library the last
    /// is meant.</param>
    /// <param name="mlContext">The context whose log is told what was written.</param>
    /// <param name="sampleData">A table with the columns that the pipeline starts from. Some rows are read; it may have none.</param>
    /// <param name="path">The file to write.</param>
    /// <param name="overridableCalibration">As in <see cref="SngpTransformer.SaveAsOnnx(string, bool)"/>.</param>
    /// <exception cref="ArgumentException">The pipeline holds no model of this library.</exception>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="sampleData"/> lacks a column that the pipeline needs.</exception>
    /// <exception cref="NotSupportedException">A step that the features depend on, or one after the model, cannot be converted or gives
    /// other values in ONNX; the message names it.</exception>
    /// <exception cref="IOException">The file cannot be written; an older one is left as it was.</exception>
    public static void SaveAsOnnx(
        this ITransformer model, MLContext mlContext, IDataView sampleData, string path, bool overridableCalibration = false)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        var onnx = PipelineOnnxExporter.Export(model, mlContext, sampleData, overridableCalibration);
        AtomicFile.Write(path, file => file.Write(onnx));
    }

    /// <inheritdoc cref="SaveAsOnnx(ITransformer, MLContext, IDataView, string, bool)"/>
    /// <summary>Writes a pipeline that ends in a model of this library as the bytes of one ONNX file.</summary>
    /// <param name="model">A fitted pipeline; also one that <c>mlContext.Sngp().Load</c> gave. Of several models of this library the last
    /// is meant.</param>
    /// <param name="mlContext">The context whose log is told what was written.</param>
    /// <param name="sampleData">A table with the columns that the pipeline starts from. Some rows are read; it may have none.</param>
    /// <param name="stream">Where to write; it is left open.</param>
    /// <param name="overridableCalibration">As in <see cref="SngpTransformer.SaveAsOnnx(string, bool)"/>.</param>
    public static void SaveAsOnnx(
        this ITransformer model, MLContext mlContext, IDataView sampleData, Stream stream, bool overridableCalibration = false)
    {
        ArgumentNullException.ThrowIfNull(stream);
        stream.Write(PipelineOnnxExporter.Export(model, mlContext, sampleData, overridableCalibration));
    }
}
