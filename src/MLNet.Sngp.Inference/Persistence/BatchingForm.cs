using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Transforms;

namespace MLNet.Sngp.Persistence;

/// <summary>The row of a custom mapping, where the chain that it is in stands for a batching transformer of another of our packages: by it
/// <see cref="BatchingLoader"/> knows such a chain, without a reference to that package.</summary>
internal abstract class BatchingForm
{
    /// <summary>Makes the batching transformer.</summary>
    /// <param name="chain">What <c>mlContext.Model.Load</c> gave.</param>
    /// <param name="models">The ONNX models in the file.</param>
    /// <exception cref="ModelFormatException">The file is foreign or damaged.</exception>
    /// <exception cref="IOException">A file that the zip file names cannot be read.</exception>
    public abstract ITransformer Restore(TransformerChain<ITransformer> chain, IReadOnlyList<byte[]> models);

    /// <summary>Whether there is such a chain in a transformer.</summary>
    public static bool IsIn(ITransformer transformer) =>
        transformer is TransformerChain<ITransformer> chain && (TryFind(chain) != null || chain.Any(IsIn));

    /// <summary>The form that a chain is of, or null.</summary>
    public static BatchingForm? TryFind(TransformerChain<ITransformer> chain)
    {
        var rows = chain.Select(step => step.GetType()).Where(type => type.IsGenericType
            && type.GetGenericTypeDefinition() == typeof(CustomMappingTransformer<,>)).Select(type => type.GenericTypeArguments[1]);
        return rows.FirstOrDefault(typeof(BatchingForm).IsAssignableFrom) is { } form
            ? (BatchingForm)Activator.CreateInstance(form)!
            : null;
    }
}
