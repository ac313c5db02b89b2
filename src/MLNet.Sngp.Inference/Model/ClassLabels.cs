using System.Collections;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp;

/// <summary>
/// The classes that a model tells apart, in the order of the training label's keys: class <c>i</c> (from 0) is key <c>i + 1</c>.
/// Immutable and safe for use by several threads.
/// </summary>
public sealed class ClassLabels
{
    /// <summary>Those of a model that tells no classes apart.</summary>
    internal static readonly ClassLabels None = new(0, null);

    private const string NoValues = "None";
    private readonly LabelValues? _values;

    private ClassLabels(int count, LabelValues? values)
    {
        Count = count;
        _values = values;
        Names = values == null ? new KeyNames(count) : Array.AsReadOnly(values.Names());
    }

    /// <summary>Gets the number of classes; 0 for a model that tells none apart.</summary>
    public int Count { get; }

    /// <summary>Gets the type of the training label's key values, or <see langword="null"/> when its keys had no values.</summary>
    public PrimitiveDataViewType? ValueType => _values?.Type;

    /// <summary>
    /// Gets the names of the classes in key order: the key values as text in the invariant culture, or the keys themselves
    /// (<c>1</c>, <c>2</c>, …) when they have no values.
    /// </summary>
    public IReadOnlyList<string> Names { get; }

    internal LabelValues? Values => _values;

    /// <summary>Keys without values.</summary>
    internal static ClassLabels WithoutValues(int count)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(count, 1);
        return new ClassLabels(count, null);
    }

    /// <summary>Labels of one of the types in <see cref="LabelType.All"/>; text is ReadOnlyMemory of char.</summary>
    internal static ClassLabels Of<T>(params T[] values)
    {
        var type = LabelType.All.OfType<LabelType<T>>().SingleOrDefault()
            ?? throw new ArgumentException($"Key values cannot be of type {typeof(T)}.", nameof(values));
        return new ClassLabels(values.Length, new LabelValues<T>(type, (T[])values.Clone()));
    }

    /// <inheritdoc cref="Of{T}(T[])"/>
    internal static ClassLabels Of(params string[] values) => Of(Array.ConvertAll(values, value => value.AsMemory()));

    /// <summary>Reads the classes of a label column of key type from its annotations.</summary>
    /// <exception cref="ArgumentException">The column is not a key of known count.</exception>
    internal static ClassLabels From(DataViewSchema.Column label)
    {
        if (label.Type is not KeyDataViewType { Count: > 0 and <= int.MaxValue } key)
            throw new ArgumentException(
                $"Column '{label.Name}' is of type {label.Type}; a label must be a key of known count. Apply MapValueToKey to it first.",
                nameof(label));
        var count = (int)key.Count;
        if (KeyValuesType(label) is { } keyValues && keyValues.Size == count
            && LabelType.All.FirstOrDefault(type => type.Type.Equals(keyValues.ItemType)) is { } type)
            return new ClassLabels(count, type.Read(label));
        return WithoutValues(count);
    }

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    /// <exception cref="FormatException">The text is something else.</exception>
    internal static ClassLabels FromJson(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            var root = document.RootElement;
            var kind = root.GetProperty("kind").GetString();
            var count = root.GetProperty("count").GetInt32();
            if (count < 1)
                throw new FormatException($"The count is {count}.");
            if (kind == NoValues)
                return WithoutValues(count);
            var type = LabelType.All.FirstOrDefault(type => type.Kind == kind)
                ?? throw new FormatException($"The kind '{kind}' is unknown.");
            var values = type.Read(root.GetProperty("values"));
            return values.Count == count
                ? new ClassLabels(count, values)
                : throw new FormatException($"There are {values.Count} values for {count} classes.");
        }
        catch (Exception exception) when (
            exception is JsonException or InvalidOperationException or KeyNotFoundException or OverflowException or FormatException)
        {
            throw new FormatException($"The class labels cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>The classes as JSON: <c>{"kind":…,"count":…,"values":[…]}</c>.</summary>
    internal string ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("kind", _values?.Kind ?? NoValues);
            json.WriteNumber("count", Count);
            json.WriteStartArray("values");
            _values?.WriteTo(json);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    // A file can declare any number of classes, so their names are not made before somebody asks.
    private sealed class KeyNames(int count) : IReadOnlyList<string>
    {
        public int Count => count;

        public string this[int index]
        {
            get
            {
                ArgumentOutOfRangeException.ThrowIfNegative(index);
                ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(index, count);
                return (index + 1).ToString(CultureInfo.InvariantCulture);
            }
        }

        public IEnumerator<string> GetEnumerator() => Enumerable.Range(0, count).Select(index => this[index]).GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private static VectorDataViewType? KeyValuesType(DataViewSchema.Column label) =>
        label.Annotations.Schema.GetColumnOrNull(LabelValues.KeyValuesKind)?.Type as VectorDataViewType;
}
