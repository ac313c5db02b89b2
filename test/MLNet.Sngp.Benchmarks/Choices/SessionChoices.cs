using Microsoft.ML.OnnxRuntime;
using MLNet.Sngp.Benchmarks.Data;
using MLNet.Sngp.Benchmarks.Works;

namespace MLNet.Sngp.Benchmarks.Choices;

/// <summary>Choices of scoring: the session's options, the size of a batch, filling up, and the form of the variance.</summary>
internal static class SessionChoices
{
    private const int Batch = 1024;

    public static IEnumerable<Choice> All(WorkSettings settings)
    {
        var model = File.ReadAllBytes(ScoredModels.Path(settings, ScoredModels.Default));
        var full = File.ReadAllBytes(ScoredModels.Path(settings, ScoredModels.Full));
        foreach (var rows in (int[])[1, Batch])
        {
            yield return Options(
                $"{rows} rows: memory patterns on, against off", model, rows, options => options.EnableMemoryPattern = false);
            yield return Options($"{rows} rows: arena on, against off", model, rows, options => options.EnableCpuMemArena = false);
            yield return Options($"{rows} rows: all graph optimisations, against basic ones", model, rows, options =>
                options.GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_BASIC);
            yield return Options(
                $"{rows} rows: one thread, against two in the session", model, rows, options => options.IntraOpNumThreads = 2);
        }
        yield return Pair("a single row filled up to two, against one alone", new Runner(model, 2), new Runner(model, 1));
        yield return Pair("256 rows four times, against 1,024 at once", new Runner(model, Batch / 4, times: 4), new Runner(model, Batch));
        yield return Pair(
            "256 rows four times, against 128 eight times", new Runner(model, Batch / 4, times: 4), new Runner(model, Batch / 8, times: 8));
        yield return Pair("1,024 rows, the truncated variance, against the full form", new Runner(model, Batch), new Runner(full, Batch));
        yield return Pair("two rows, the truncated variance, against the full form", new Runner(model, 2), new Runner(full, 2));
    }

    /// <summary>How many rows have other bits in a small batch than in a large one, when batches are not filled up.</summary>
    public static void WriteBits(TextWriter output, WorkSettings settings)
    {
        var model = File.ReadAllBytes(ScoredModels.Path(settings, ScoredModels.Default));
        using var large = new Runner(model, Batch);
        var expected = large.Outputs();
        foreach (var size in (int[])[1, 2, 3, 4, 5, 7, 8])
        {
            using var small = new Runner(model, size);
            var differing = Enumerable.Range(0, Batch / size).Sum(batch => small.CountDiffering(batch * size, expected));
            output.WriteLine(
                $"Batches of {size} rows, not filled up: {differing} of {Batch / size * size} rows have other bits than in a batch of "
                + $"{Batch}.");
        }
    }

    private static Choice Options(string title, byte[] model, int rows, Action<SessionOptions> change) =>
        Pair(title, new Runner(model, rows), new Runner(model, rows, change));

    private static Choice Pair(string title, Runner chosen, Runner other) => new(title, chosen.Run, other.Run, chosen, other);

    /// <summary>A session over rows of the grid's rectangle, all outputs.</summary>
    private sealed class Runner : IDisposable
    {
        private readonly InferenceSession _session;
        private readonly RunOptions _run = new();
        private readonly float[] _features;
        private readonly int _rows;
        private readonly int _times;
        private readonly string[] _outputs;

        public Runner(byte[] model, int rows, Action<SessionOptions>? change = null, int times = 1)
        {
            using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1, LogSeverityLevel =
                OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL };
            change?.Invoke(options);
            _session = new InferenceSession(model, options);
            _rows = rows;
            _times = times;
            _features = [.. Tables.Points(Batch).SelectMany(point => point.Features)];
            _outputs = [.. _session.OutputNames];
        }

        public void Run()
        {
            for (var i = 0; i < _times; i++)
                Score(i * _rows).Dispose();
        }

        public float[][] Outputs() => Values(0);

        /// <summary>Rows of one batch that differ from those of a larger one.</summary>
        public int CountDiffering(int start, float[][] expected)
        {
            var values = Values(start);
            return Enumerable.Range(0, _rows).Count(row => values.Where((_, i) => expected[i].Length > 0)
                .Select((output, i) => (output, Width: output.Length / _rows, All: expected[i]))
                .Any(one => !one.output.AsSpan(row * one.Width, one.Width)
                .SequenceEqual(one.All.AsSpan((start + row) * one.Width, one.Width))));
        }

        public void Dispose()
        {
            _run.Dispose();
            _session.Dispose();
        }

        private IDisposableReadOnlyCollection<OrtValue> Score(int start)
        {
            using var input =
                OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, _features.AsMemory(2 * start, 2 * _rows), [_rows, 2]);
            return _session.Run(_run, [_session.InputNames[0]], [input], _outputs);
        }

        private float[][] Values(int start)
        {
            using var results = Score(start);
            return [.. results.Where(result => result.GetTensorTypeAndShape()
                .ElementDataType == Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float)
                .Select(result => result.GetTensorDataAsSpan<float>().ToArray())];
        }
    }
}
