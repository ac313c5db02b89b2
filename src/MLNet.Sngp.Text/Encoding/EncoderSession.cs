using System.Numerics.Tensors;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace MLNet.Sngp.Text;

/// <summary>The session of an encoder: from the tokens of texts of one length to a vector for each.</summary>
internal sealed class EncoderSession : IDisposable
{
    private static readonly string[] Known = [EncoderGraph.InputIds, EncoderGraph.AttentionMask, EncoderGraph.TokenTypeIds];

    private readonly SentenceEncoderOptions _options;
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions = new();
    private readonly string[] _inputs;

    /// <param name="model">The ONNX file.</param>
    /// <param name="options">The options.</param>
    /// <param name="empty">The tokens of an empty text.</param>
    /// <exception cref="ModelFormatException">The graph is not one of an encoder.</exception>
    public EncoderSession(byte[] model, SentenceEncoderOptions options, long[] empty)
    {
        _options = options;
        _session = Create(model, options);
        try
        {
            _inputs = Inputs();
            OutputName = Output();
            Dimension = Try(empty);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    public string OutputName { get; }

    public int Dimension { get; }

    /// <summary>Runs texts with the same number of tokens.</summary>
    /// <param name="tokens">The ids of the tokens of each.</param>
    /// <param name="rows">Where the vector of each belongs.</param>
    /// <param name="embeddings">Room for vectors.</param>
    public void Run(long[][] tokens, int[] rows, Span<float> embeddings)
    {
        var length = tokens[0].Length;
        using var output = Run(tokens);
        var values = output.GetTensorDataAsSpan<float>();
        for (var i = 0; i < rows.Length; i++)
        {
            var embedding = embeddings.Slice(rows[i] * Dimension, Dimension);
            if (_options.Pooling == SentencePooling.None)
                values.Slice(i * Dimension, Dimension).CopyTo(embedding);
            else
                Pool(values.Slice(i * length * Dimension, length * Dimension), embedding);
        }
    }

    public void Dispose()
    {
        _runOptions.Dispose();
        _session.Dispose();
    }

    private void Pool(ReadOnlySpan<float> hidden, Span<float> embedding)
    {
        hidden[..Dimension].CopyTo(embedding);
        if (_options.Pooling == SentencePooling.Cls)
            return;
        for (var at = Dimension; at < hidden.Length; at += Dimension)
            TensorPrimitives.Add(embedding, hidden.Slice(at, Dimension), embedding);
        TensorPrimitives.Divide(embedding, hidden.Length / Dimension, embedding);
    }

    private OrtValue Run(long[][] tokens)
    {
        long[] shape = [tokens.Length, tokens[0].Length];
        long[] ids = [.. tokens.SelectMany(row => row)];
        var values = new OrtValue[_inputs.Length];
        try
        {
            for (var i = 0; i < values.Length; i++)
            {
                var data = _inputs[i] == EncoderGraph.InputIds ? ids : new long[ids.Length];
                if (_inputs[i] == EncoderGraph.AttentionMask)
                    Array.Fill(data, 1);
                values[i] = OrtValue.CreateTensorValueFromMemory(data, shape);
            }
            return _session.Run(_runOptions, _inputs, values, [OutputName])[0];
        }
        catch (OnnxRuntimeException exception)
        {
            throw new InvalidOperationException(FormattableString.Invariant(
                $"ONNX Runtime could not embed {tokens.Length} texts of {tokens[0].Length} tokens: {exception.Message}"), exception);
        }
        finally
        {
            foreach (var value in values)
                value?.Dispose();
        }
    }

    private string[] Inputs()
    {
        string[] names = [.. _session.InputMetadata.Keys];
        if (!names.Contains(EncoderGraph.InputIds) || names.Except(Known).Any()
            || _session.InputMetadata.Values.Any(input => input.ElementDataType != TensorElementType.Int64))
            throw Refused("its inputs are " + string.Join(", ",
                _session.InputMetadata.Select(input => $"{input.Key} ({input.Value.ElementDataType})"))
                + $"; they must be {EncoderGraph.InputIds} and, if it has them, {Known[1]} and {Known[2]}, all Int64");
        return names;
    }

    private string Output()
    {
        var rank = _options.Pooling == SentencePooling.None ? 2 : 3;
        string[] fitting = [.. _session.OutputMetadata.Where(output =>
            output.Value.ElementDataType == TensorElementType.Float && output.Value.Dimensions.Length == rank)
                .Select(output => output.Key)];
        if (_options.OutputName is { } name)
            return fitting.Contains(name) ? name : throw NoOutput($"none named {name}");
        return fitting.Contains("last_hidden_state") ? "last_hidden_state"
            : fitting.FirstOrDefault() ?? throw NoOutput("none");

        ModelFormatException NoOutput(string what) => Refused(
            $"it has {what} of type Single and {rank} dimensions among its outputs " + string.Join(", ",
            _session.OutputMetadata.Select(o => $"{o.Key} ({o.Value.ElementDataType}, {o.Value.Dimensions.Length} dimensions)"))
            + ". With Pooling = None an output has 2 dimensions, otherwise 3");
    }

    // What the encoder gives, and whether it takes texts this long, should come out now and not in the middle of a table.
    private int Try(long[] empty)
    {
        var longest = new long[_options.MaximumLength];
        Array.Fill(longest, empty[0]);
        try
        {
            using var output = Run([longest]);
            var shape = output.GetTensorTypeAndShape().Shape;
            return shape[0] == 1 && shape[^1] is > 0 and <= EmbeddingChain.MostElements
                ? (int)shape[^1]
                : throw Refused($"its output '{OutputName}' is of shape [{string.Join(", ", shape)}]");
        }
        catch (InvalidOperationException exception) when (exception.InnerException is OnnxRuntimeException)
        {
            throw Refused(
                $"it fails on a text of {nameof(SentenceEncoderOptions.MaximumLength)} tokens; if it takes shorter ones alone, lower "
                + $"that. {exception.Message}", exception);
        }
    }

    private static InferenceSession Create(byte[] model, SentenceEncoderOptions options)
    {
        using var session = new SessionOptions
        {
            IntraOpNumThreads = 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            // Shapes change from run to run.
            EnableMemoryPattern = false,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        try
        {
            return new InferenceSession(model, session);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new ModelFormatException($"ONNX Runtime cannot open the encoder '{options.ModelPath}': {exception.Message}", exception);
        }
    }

    private ModelFormatException Refused(string what, Exception? inner = null) =>
        new($"'{_options.ModelPath}' cannot be used as a sentence encoder: {what}.", inner);
}
