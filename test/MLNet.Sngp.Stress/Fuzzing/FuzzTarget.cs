using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Stress.Fuzzing;

/// <summary>What a file may do: be refused with <see cref="ModelFormatException"/>, or a checkpoint's errors, or load and score two
/// rows.</summary>
internal static class FuzzTarget
{
    /// <summary>The file of one case. Everything is decided by the kind and the case's number.</summary>
    public static byte[] Case(string kind, IReadOnlyList<(string Name, byte[] Bytes)> seeds, int number)
    {
        var random = new Random(number);
        var seed = seeds[number % seeds.Count].Bytes;
        var other = seeds[random.Next(seeds.Count)].Bytes;
        return kind switch
        {
            "zip" => ZipMutator.Mutate(seed, other, random),
            "checkpoint" => CheckpointTarget.Mutate(seed, other, random),
            _ => OnnxMutator.Mutate(seed, other, random),
        };
    }

    public static IReadOnlyList<(string Name, byte[] Bytes)> Seeds(string kind) => kind switch
    {
        "zip" => Corpus.Zips(),
        "checkpoint" => CheckpointTarget.Seeds(),
        _ => Corpus.Onnx(),
    };

    /// <summary>Loads a file and scores with it.</summary>
    /// <returns>Whether it was loaded.</returns>
    public static bool Try(MLContext context, string kind, byte[] bytes)
    {
        if (kind == "checkpoint")
            return CheckpointTarget.Try(bytes);
        ITransformer loaded;
        try
        {
            using var stream = new MemoryStream(bytes);
            loaded = kind == "zip" ? context.Sngp().Load(stream, out _) : context.Sngp().LoadOnnx(stream);
        }
        catch (ModelFormatException)
        {
            return false;
        }
        try
        {
            if (loaded is SngpTransformer transformer)
                Score(context, transformer);
        }
        catch (InvalidOperationException)
        {
            // A graph that holds for some batch sizes and not for others.
        }
        finally
        {
            (loaded as IDisposable)?.Dispose();
        }
        return true;
    }

    private static void Score(MLContext context, SngpTransformer transformer)
    {
        var scored = transformer.Transform(FeatureTable.Create(context, transformer, 2));
        using var cursor = scored.GetRowCursor(scored.Schema);
        var getters = scored.Schema.Where(column => column.Type.RawType == typeof(VBuffer<float>))
            .Select(column => cursor.GetGetter<VBuffer<float>>(column)).ToList();
        VBuffer<float> values = default;
        while (cursor.MoveNext())
            getters.ForEach(getter => getter(ref values));
    }
}
