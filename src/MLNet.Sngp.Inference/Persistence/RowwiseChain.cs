using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Persistence;

/// <summary>
/// A chain of ML.NET's own transformers that gives the same columns as ours, row by row. Nobody outside ML.NET can write into a
/// <see cref="ModelSaveContext"/>, so this is what a model is saved as, and what <c>mlContext.Model.Load</c> gives back.
/// </summary>
internal static class RowwiseChain
{
    private const string LookupKey = "Key";
    private const string LookupValue = "Value";

    public static void Save(UncertaintyModel model, ModelSaveContext target, string folder)
    {
        // OnnxTransformer reads the graph from the file again when it is saved.
        var file = Path.Combine(folder, $"mlnet-sngp-{Guid.NewGuid():N}.onnx");
        try
        {
            File.WriteAllBytes(file, RowwiseGraph.Create(model));
            using var chain = Create(model, file);
            ((ICanSaveModel)chain).Save(target);
        }
        finally
        {
            File.Delete(file);
        }
    }

    /// <summary>Whether <paramref name="chain"/> is one that <see cref="Save"/> wrote.</summary>
    public static bool IsOne(TransformerChain<ITransformer> chain) => chain.Any(RowwiseScalars.IsOne);

    private static TransformerChain<ITransformer> Create(UncertaintyModel model, string file)
    {
        var context = new MLContext();
        var vectors = model.Outputs.Select(output => RowwiseGraph.ColumnName(output.Name)).ToArray();
        var stages = new List<IEstimator<ITransformer>> { context.Transforms.ApplyOnnxModel(vectors, [model.FeatureColumnName], file) };
        stages.AddRange(model.Outputs.SelectMany(output => Stages(context, output, model.Labels)));
        var kinds = model.Outputs.Where(output => !output.IsVector).Select(output => output.Kind).Distinct();
        stages.Add(context.Transforms.DropColumns(
            [.. vectors, .. kinds.SelectMany(kind => new[] { RowwiseScalars.Source(kind), RowwiseScalars.Target(kind) }).Distinct()]));
        return Fit(stages, NoRows(context, model));
    }

    /// <summary>From the graph's output to the column.</summary>
    private static IEnumerable<IEstimator<ITransformer>> Stages(MLContext context, OutputColumn output, ClassLabels labels)
    {
        var raw = RowwiseGraph.ColumnName(output.Name);
        if (output.IsVector)
            return [context.Transforms.CopyColumns(output.Name, raw)];
        var value = RowwiseScalars.Target(output.Kind);
        return
        [
            context.Transforms.CopyColumns(RowwiseScalars.Source(output.Kind), raw),
            RowwiseScalars.For(output.Kind, context.Transforms),
            output.Kind is ColumnKind.Key or ColumnKind.Reason
            ? MapKey(context, output.Name, value, output.KeysIn(labels))
            : context.Transforms.CopyColumns(output.Name, value),
        ];
    }

    /// <summary>Fits stages one after the other.</summary>
    public static TransformerChain<ITransformer> Fit(List<IEstimator<ITransformer>> stages, IDataView data)
    {
        var transformers = new List<ITransformer>();
        try
        {
            foreach (var stage in stages)
            {
                var transformer = stage.Fit(data);
                transformers.Add(transformer);
                data = transformer.Transform(data);
            }
            return new TransformerChain<ITransformer>([.. transformers]);
        }
        catch
        {
            foreach (var transformer in transformers.OfType<IDisposable>())
                transformer.Dispose();
            throw;
        }
    }

    // A lookup rather than MapValueToKey: a missing key stays missing, and keys without values stay so.
    private static IEstimator<ITransformer> MapKey(MLContext context, string name, string value, ClassLabels labels)
    {
        var definition = SchemaDefinition.Create(typeof(LookupRow));
        definition[nameof(LookupRow.Value)].ColumnType = new KeyDataViewType(typeof(uint), labels.Count);
        labels.Values?.AddTo(definition[nameof(LookupRow.Value)]);

        // In objects that ML.NET reads, keys start at 0; in its tables at 1, with 0 for missing.
        var rows = Enumerable.Range(0, labels.Count).Select(i => new LookupRow { Key = (uint)i + 1, Value = (uint)i }).ToList();
        var map = context.Data.LoadFromEnumerable(rows, definition);
        return context.Transforms.Conversion.MapValue(name, map, map.Schema[LookupKey], map.Schema[LookupValue], value);
    }

    private static IDataView NoRows(MLContext context, UncertaintyModel model)
    {
        var definition = SchemaDefinition.Create(typeof(FeatureRow));
        definition[0].ColumnName = model.FeatureColumnName;
        definition[0].ColumnType = new VectorDataViewType(NumberDataViewType.Single, model.NumberOfFeatures);
        return context.Data.LoadFromEnumerable(Array.Empty<FeatureRow>(), definition);
    }

    private sealed class LookupRow
    {
        public uint Key { get; set; }

        public uint Value { get; set; }
    }

    private sealed class FeatureRow
    {
        public VBuffer<float> Features { get; set; }
    }
}
