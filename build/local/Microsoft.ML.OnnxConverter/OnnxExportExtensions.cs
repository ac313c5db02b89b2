using System.IO;
using Google.Protobuf;
using Microsoft.ML.Data;
using Microsoft.ML.Model.OnnxConverter;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public static class OnnxExportExtensions
{
    private const int NewestOpset = 12;
    private const int OldestOpset = 9;

    public static void ConvertToOnnx(this ModelOperationsCatalog catalog, ITransformer transform, IDataView inputData, Stream stream)
        => Convert(catalog, transform, inputData, NewestOpset, null, stream);

    public static void ConvertToOnnx(this ModelOperationsCatalog catalog, ITransformer transform, IDataView inputData, int opSetVersion, Stream stream)
        => Convert(catalog, transform, inputData, opSetVersion, null, stream);

    public static void ConvertToOnnx(this ModelOperationsCatalog catalog, ITransformer transform, IDataView inputData, Stream stream, params string[] outputColumns)
        => Convert(catalog, transform, inputData, NewestOpset, outputColumns, stream);

    private static void Convert(ModelOperationsCatalog catalog, ITransformer transform, IDataView inputData, int opset, string[] outputs, Stream stream)
    {
        Contracts.CheckParam(opset >= OldestOpset, "opSetVersion",
            $"Requested OpSet version {opset} is lower than the minimum required OpSet version {OldestOpset}");
        Contracts.CheckParam(opset <= NewestOpset, "opSetVersion",
            $"Requested OpSet version {opset} is higher than the current most updated OpSet version {NewestOpset}");
        var env = ((IInternalCatalog)catalog).Environment;
        new PipelineConverter(env, opset).Convert(transform.Transform(inputData), outputs).WriteTo(stream);
    }
}
