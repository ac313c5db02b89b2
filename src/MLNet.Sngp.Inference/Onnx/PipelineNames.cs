using System.Text.Json;

namespace MLNet.Sngp.Onnx;

/// <summary>Under which names a pipeline's graph offers what a model offers, when its inputs may have any names.</summary>
internal sealed class PipelineNames
{
    /// <summary>ML.NET's own suffix for outputs that have the name of an input: <c>ApplyOnnxModel</c> takes it off.</summary>
    private const string OutputSuffix = ".output";

    private const string OverridablePrefix = "Sngp.";

    private readonly Dictionary<string, string> _public = new(StringComparer.Ordinal);
    private readonly HashSet<string> _taken;

    /// <param name="inputs">The names of the graph's inputs.</param>
    /// <param name="model">The model's own graph; what it has for inputs beside the features stays an input.</param>
    /// <param name="featureColumnName">The name of the model's input.</param>
    public PipelineNames(IEnumerable<string> inputs, GraphProto model, string featureColumnName)
    {
        _taken = inputs.ToHashSet(StringComparer.Ordinal);
        Inputs = [.. _taken];
        InternalPrefix = "pipeline/";
        while (Inputs.Any(name => name.StartsWith(InternalPrefix, StringComparison.Ordinal)))
            InternalPrefix = "_" + InternalPrefix;
        foreach (var output in model.Output)
            Add(output.Name, name => name + OutputSuffix);
        foreach (var overridable in model.Input.Where(input => input.Name != featureColumnName))
            Add(overridable.Name, name => OverridablePrefix + name);
    }

    public IReadOnlyList<string> Inputs { get; }

    /// <summary>Starts the name of every value inside the graph, and of no other.</summary>
    public string InternalPrefix { get; }

    /// <summary>The name under which the graph offers an output or an overridable value of the model; null for any other value.</summary>
    public string? Find(string name) => _public.GetValueOrDefault(name);

    /// <summary>The names as JSON, for the graph's metadata.</summary>
    public string ToJson() => JsonSerializer.Serialize(new SortedDictionary<string, object>(StringComparer.Ordinal)
    {
        ["inputs"] = Inputs,
        ["names"] = new SortedDictionary<string, string>(_public, StringComparer.Ordinal),
    });

    private void Add(string name, Func<string, string> change)
    {
        var free = name;
        while (!_taken.Add(free))
            free = change(free);
        _public[name] = free;
    }
}
