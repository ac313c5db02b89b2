using System.Text;
using System.Text.Json;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp;

/// <summary>One column that a model adds: an output of its graph of the same name, shape [N, <paramref name="Width"/>].</summary>
/// <param name="Name">The name of the output and of the column.</param>
/// <param name="Kind">The type of its elements.</param>
/// <param name="Width">The number of elements a row; 1 unless the column is a vector.</param>
/// <param name="IsVector">Whether the column is a vector.</param>
/// <param name="HasClassNames">Of a vector: whether its slots are named as the classes. Of a key: whether it has the training label's key
/// values.</param>
/// <param name="IsFitted">Whether an estimator fitted the column to what the model gives, so that the model must stay as it is.</param>
internal sealed record OutputColumn(
    string Name, ColumnKind Kind, int Width = 1, bool IsVector = false, bool HasClassNames = false, bool IsFitted = false)
{
    /// <summary>The type of the graph's output.</summary>
    public TensorProto.Types.DataType ElementType => Kind switch
    {
        ColumnKind.Key or ColumnKind.Reason => TensorProto.Types.DataType.Uint32,
        ColumnKind.Boolean => TensorProto.Types.DataType.Bool,
        _ => TensorProto.Types.DataType.Float,
    };

    /// <summary>What the keys of the column stand for, in a model with <paramref name="classes"/>.</summary>
    public ClassLabels KeysIn(ClassLabels classes) => Kind == ColumnKind.Reason ? DecisionReasons.Labels : classes;

    /// <summary>The size of a row in bytes.</summary>
    public int RowBytes => Width * (Kind == ColumnKind.Boolean ? 1 : 4);

    /// <summary>Columns as JSON, without their widths, which the graph has.</summary>
    public static string ToJson(IEnumerable<OutputColumn> columns)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var column in columns)
            {
                json.WriteStartObject();
                json.WriteString("name", column.Name);
                json.WriteString("kind", column.Kind.ToString());
                json.WriteBoolean("vector", column.IsVector);
                json.WriteBoolean("classNames", column.HasClassNames);
                if (column.IsFitted)
                    json.WriteBoolean("fitted", true);
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote; widths are 1.</summary>
    /// <exception cref="FormatException">The text is something else, or two columns have one name.</exception>
    public static IReadOnlyList<OutputColumn> FromJson(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            OutputColumn[] columns = [.. document.RootElement.EnumerateArray().Select(Read)];
            if (columns.Length == 0)
                throw new FormatException("There are none.");
            return columns.GroupBy(column => column.Name).FirstOrDefault(same => same.Count() > 1) is { } twice
                ? throw new FormatException($"There are two named '{twice.Key}'.")
                : columns;
        }
        catch (Exception exception) when (
            exception is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new FormatException($"The columns cannot be read: {exception.Message}", exception);
        }
    }

    private static OutputColumn Read(JsonElement json)
    {
        var name = json.GetProperty("name").GetString();
        var kind = json.GetProperty("kind").GetString();
        if (string.IsNullOrEmpty(name))
            throw new FormatException("One has no name.");
        if (Array.IndexOf(Enum.GetNames<ColumnKind>(), kind) is not (>= 0 and var index))
            throw new FormatException($"The kind '{kind}' is unknown.");
        var column = new OutputColumn(name, Enum.GetValues<ColumnKind>()[index], 1, json.GetProperty("vector").GetBoolean(),
            json.GetProperty("classNames").GetBoolean(), json.TryGetProperty("fitted", out var fitted) && fitted.GetBoolean());
        if (column.IsVector ? column.Kind is not (ColumnKind.Single or ColumnKind.Boolean) : column.HasClassNames
            && column.Kind is not (ColumnKind.Key or ColumnKind.Reason))
            throw new FormatException($"No column can be what '{name}' is said to be.");
        return column;
    }
}
