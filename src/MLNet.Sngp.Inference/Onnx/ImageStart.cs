using Microsoft.ML;

namespace MLNet.Sngp.Onnx;

/// <summary>Where a graph begins in a pipeline whose images it takes as pixels.</summary>
/// <param name="Steps">The steps before the model without those that make images.</param>
/// <param name="Table">A table with the images.</param>
/// <param name="Schema">The columns that those steps start from.</param>
internal sealed record ImageStart(IReadOnlyList<PipelineStep> Steps, IDataView Table, DataViewSchema Schema)
{
    /// <param name="steps">All steps before the model.</param>
    /// <param name="makesImages">Which of them make images.</param>
    /// <param name="table">A table with the columns that the pipeline starts from.</param>
    /// <param name="images">The images that the graph takes.</param>
    /// <exception cref="NotSupportedException">The images are made of a column that other steps make.</exception>
    public static ImageStart Of(IReadOnlyList<PipelineStep> steps, Func<PipelineStep, bool> makesImages, IDataView table,
        IReadOnlyList<DataViewSchema.Column> images)
    {
        var schema = SchemaOnlyView.Visible(table.Schema);
        if (images.Count == 0)
            return new ImageStart(steps, table, schema);
        foreach (var step in steps.Where(makesImages))
        {
            try
            {
                table = step.Transformer.Transform(table);
            }
            catch (ArgumentOutOfRangeException exception)
            {
                throw new NotSupportedException($"{step} makes images of a column that steps of the pipeline make ({exception.Message}). "
                    + "Apply those steps to the data before the pipeline.", exception);
            }
        }
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(schema.Where(column => !images.Any(image => image.Name == column.Name)).Concat(images)
            .Select(column => new DataViewSchema.DetachedColumn(column)));
        return new ImageStart([.. steps.Where(step => !makesImages(step))], table, builder.ToSchema());
    }
}
