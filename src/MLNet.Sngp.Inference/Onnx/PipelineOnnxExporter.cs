using Google.Protobuf;
using Microsoft.ML;
using Microsoft.ML.Runtime;
using Microsoft.ML.Transforms;
using MLNet.Sngp.Pipelines;

namespace MLNet.Sngp.Onnx;

/// <summary>Writes a whole pipeline as one ONNX graph.</summary>
/// <remarks>
/// Goes back from the features: each step that makes one of the columns needed so far is converted by ML.NET's converter, by itself,
/// and what that step takes is needed from then on. In the end raw columns are left, and images. The graphs are joined from the front.
/// </remarks>
internal static class PipelineOnnxExporter
{
    /// <inheritdoc cref="PipelineOnnxExtensions.SaveAsOnnx(ITransformer, MLContext, IDataView, Stream, bool)"/>
    public static byte[] Export(ITransformer model, MLContext context, IDataView sampleData, bool overridableCalibration)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(context);
        ArgumentNullException.ThrowIfNull(sampleData);
        var steps = PipelineStep.Unfold(model);
        var place = FindModel(steps);
        var uncertainty = ((SngpTransformer)steps[place].Transformer).Model;
        RefuseStepsAfter(steps.Skip(place + 1));
        // Features depend on no model before it, such as one that it is the calibrated form of.
        if (steps.Take(place).All(step => step.Transformer is SngpTransformer))
        {
            steps[place].Transformer.GetOutputSchema(sampleData.Schema);
            return uncertainty.ToFile(overridableCalibration);
        }
        List<PipelineStep> before = [.. steps.Take(place)];
        var schema = SchemaOnlyView.Visible(sampleData.Schema);
        var converted = Convert(before, schema, steps[place].Transformer, uncertainty.FeatureColumnName, out var inputs, out var images,
            out var makers);
        var proto = overridableCalibration ? CalibrationInputs.Add(uncertainty.ToProto()) : uncertainty.ToProto();
        var graph = new PipelineGraph(new PipelineNames(inputs, proto.Graph, uncertainty.FeatureColumnName),
            converted.Select(step => OpsetUpgrade.VersionOf(step.Converted.Opsets)).Append(OnnxGraph.OpsetVersion).Max());
        foreach (var (_, step) in converted)
            graph.Add(step);
        graph.Add(uncertainty, proto);
        var whole = graph.ToModel(proto);
        var holdsForOneRow = converted.Exists(step => step.Converted.HoldsForOneRow);
        var start = ImageStart.Of(before, makers.Contains, sampleData, images);
        new PipelineCheck(start.Steps, steps[place], [.. converted.Zip(graph.Made, (step, made) => (step.Step, made))], new CheckedGraph(
            whole, holdsForOneRow),
            graph.Features, graph.Outputs, CheckRows.Create(start.Table, start.Schema, inputs)).ThrowIfDifferent();
        using var channel = ((IChannelProvider)context).Start("SaveAsOnnx");
        channel.Info(MessageSensitivity.UserData | MessageSensitivity.Schema,
            $"{converted.Count} of the {place} steps before the model are part of the graph; its inputs are {string.Join(", ", inputs)}.");
        if (holdsForOneRow)
        {
            channel.Warning(MessageSensitivity.None,
                "ML.NET converts a step of this pipeline so that it is right for one row only. Run the ONNX file with one row at a time, "
                + "as ApplyOnnxModel does.");
        }
        return whole.ToByteArray();
    }

    private static int FindModel(IReadOnlyList<PipelineStep> steps)
    {
        for (var i = steps.Count - 1; i >= 0; i--)
        {
            if (steps[i].Transformer is SngpTransformer)
                return i;
        }
        throw new ArgumentException(
            $"The pipeline holds no model of MLNet.Sngp; its steps are "
            + $"{string.Join(", ", steps.Select(step => PipelineStep.TypeName(step.Transformer.GetType())))}. "
            + "A zip file must be loaded with mlContext.Sngp().Load; any other pipeline can be converted with "
            + "mlContext.Model.ConvertToOnnx.", "model");
    }

    // The label is a value in the file anyway, and its outputs are the model's.
    private static void RefuseStepsAfter(IEnumerable<PipelineStep> steps)
    {
        var refused = steps.Where(step => !step.IsSelection && step.Transformer is not KeyToValueMappingTransformer).ToList();
        if (refused.Count > 0)
            throw new NotSupportedException($"{string.Join(" ", refused)} comes after the model and cannot be part of the ONNX file. "
                + "Save the pipeline without it and do its work on the outputs of the graph. MapKeyToValue, SelectColumns and DropColumns "
                + "may stay: they are left out.");
    }

    private static List<(PipelineStep Step, ConvertedStep Converted)> Convert(
        IReadOnlyList<PipelineStep> steps, DataViewSchema raw, ITransformer model, string features, out List<string> inputs,
        out List<DataViewSchema.Column> images, out HashSet<PipelineStep> makersOfImages)
    {
        var before = new DataViewSchema[steps.Count + 1];
        var after = new DataViewSchema[steps.Count];
        before[0] = raw;
        for (var i = 0; i < steps.Count; i++)
        {
            after[i] = StepInput.GetOutputSchema(steps[i], before[i]);
            before[i + 1] = SchemaOnlyView.Visible(after[i]);
        }
        model.GetOutputSchema(before[^1]);
        makersOfImages = [.. steps.Where((step, i) => after[i].Any(
            column => ImageColumns.IsImage(column.Type) && step.Makes(column.Name, before[i], after[i])))];

        var needed = new HashSet<string>(StringComparer.Ordinal) { features };
        var converted = new List<(PipelineStep Step, ConvertedStep Converted)>();
        images = [];
        for (var i = steps.Count - 1; i >= 0; i--)
        {
            var made = needed.Where(column => steps[i].Makes(column, before[i], after[i])).ToList();
            // A graph takes images as they are when their pixels are read.
            foreach (var image in made.Where(column => ImageColumns.IsImage(after[i][column].Type)).ToList())
            {
                if (images.Exists(other => other.Name == image))
                    throw new NotSupportedException($"The pipeline reads pixels of column '{image}' in several states. Give what "
                        + "ResizeImages and ConvertToGrayscale make of it a name of its own.");
                images.Add(after[i][image]);
                made.Remove(image);
                needed.Remove(image);
            }
            if (made.Count == 0)
                continue;
            converted.Insert(0, (steps[i], ConvertedStep.Convert(steps[i], before[i], made)));
            needed.ExceptWith(made);
            needed.UnionWith(converted[0].Converted.Graph.Input.Select(input => input.Name));
        }
        inputs = [.. before[0].Select(column => column.Name).Where(needed.Contains), .. images.Select(image => image.Name)];
        return converted;
    }
}
