using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>The type of a hidden column of scored tables, at which <c>mlContext.Model.ConvertToOnnx</c> stops.</summary>
/// <remarks>
/// ML.NET's converter asks transformers by an internal interface. Without this column it takes a table of ours for the beginning of the
/// pipeline, and writes a file without the model that takes <c>Score</c> and the other outputs as inputs. Its message is "Unsupported type:
/// " and the name of its values' type. Everything else in ML.NET leaves hidden columns alone.
/// </remarks>
internal sealed class ExportMark : StructuredDataViewType
{
    public static readonly ExportMark Instance = new();

    private ExportMark()
        : base(typeof(UseSaveAsOnnxOfTheModelInsteadOfConvertToOnnx))
    {
    }

    public override bool Equals(DataViewType? other) => other is ExportMark;

    public override bool Equals(object? other) => other is ExportMark;

    public override int GetHashCode() => typeof(ExportMark).GetHashCode();
}
