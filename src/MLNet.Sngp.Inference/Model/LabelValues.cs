using System.Globalization;
using System.Text.Json;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp;

/// <summary>The values behind the keys of a label, of one of the types that ML.NET allows for key values.</summary>
internal abstract class LabelValues
{
    public const string KeyValuesKind = "KeyValues";

    /// <summary>The name of the type in a model's metadata.</summary>
    public abstract string Kind { get; }

    public abstract PrimitiveDataViewType Type { get; }

    public abstract int Count { get; }

    /// <summary>The values as invariant text, in key order.</summary>
    public abstract string[] Names();

    public abstract object this[int index] { get; }

    public abstract void WriteTo(Utf8JsonWriter json);

    /// <summary>Adds the KeyValues annotation.</summary>
    public abstract void AddTo(DataViewSchema.Annotations.Builder annotations);

    /// <inheritdoc cref="AddTo(DataViewSchema.Annotations.Builder)"/>
    public abstract void AddTo(SchemaDefinition.Column column);
}

/// <inheritdoc/>
internal sealed class LabelValues<T>(LabelType<T> type, T[] values) : LabelValues
{
    public override string Kind => type.Kind;

    public override PrimitiveDataViewType Type => type.Type;

    public override int Count => values.Length;

    public override object this[int index] => values[index] is ReadOnlyMemory<char> text ? text.ToString() : values[index]!;

    public override string[] Names() => Array.ConvertAll(values, value => type.Format(value));

    public override void WriteTo(Utf8JsonWriter json)
    {
        foreach (var value in values)
            type.Write(json, value);
    }

    public override void AddTo(DataViewSchema.Annotations.Builder annotations)
    {
        ValueGetter<VBuffer<T>> getter = (ref VBuffer<T> keyValues) =>
        {
            var editor = VBufferEditor.Create(ref keyValues, values.Length);
            values.CopyTo(editor.Values);
            keyValues = editor.Commit();
        };
        annotations.Add(KeyValuesKind, new VectorDataViewType(type.Type, values.Length), getter);
    }

    public override void AddTo(SchemaDefinition.Column column) =>
        column.AddAnnotation(
            KeyValuesKind, new VBuffer<T>(values.Length, (T[])values.Clone()), new VectorDataViewType(type.Type, values.Length));
}

/// <summary>One type that key values can have: how it is named, read, written and shown.</summary>
internal abstract class LabelType(string kind, PrimitiveDataViewType type)
{
    /// <summary>Every type that ML.NET can map to keys.</summary>
    public static readonly IReadOnlyList<LabelType> All =
    [
        new LabelType<ReadOnlyMemory<char>>("Text", TextDataViewType.Instance,
            (json, value) => json.WriteStringValue(value.Span), json => Text(json).AsMemory(), value => value.ToString()),
        new LabelType<bool>("Boolean", BooleanDataViewType.Instance,
            (json, value) => json.WriteBooleanValue(value), json => json.GetBoolean(), value => value ? "True" : "False"),
        new LabelType<float>("Single", NumberDataViewType.Single, (json, value) => WriteReal(json, value, float.IsFinite(value)),
            json => json.ValueKind == JsonValueKind.String ? float.Parse(Text(json), CultureInfo.InvariantCulture) : json.GetSingle(),
            Invariant),
        new LabelType<double>("Double", NumberDataViewType.Double, (json, value) => WriteReal(json, value, double.IsFinite(value)),
            json => json.ValueKind == JsonValueKind.String ? double.Parse(Text(json), CultureInfo.InvariantCulture) : json.GetDouble(),
            Invariant),
        new LabelType<sbyte>(
        "SByte", NumberDataViewType.SByte, (json, value) => json.WriteNumberValue(value), json => json.GetSByte(), Invariant),
        new LabelType<byte>(
        "Byte", NumberDataViewType.Byte, (json, value) => json.WriteNumberValue(value), json => json.GetByte(), Invariant),
        new LabelType<short>(
        "Int16", NumberDataViewType.Int16, (json, value) => json.WriteNumberValue(value), json => json.GetInt16(), Invariant),
        new LabelType<ushort>(
        "UInt16", NumberDataViewType.UInt16, (json, value) => json.WriteNumberValue(value), json => json.GetUInt16(), Invariant),
        new LabelType<int>(
        "Int32", NumberDataViewType.Int32, (json, value) => json.WriteNumberValue(value), json => json.GetInt32(), Invariant),
        new LabelType<uint>(
        "UInt32", NumberDataViewType.UInt32, (json, value) => json.WriteNumberValue(value), json => json.GetUInt32(), Invariant),
        new LabelType<long>(
        "Int64", NumberDataViewType.Int64, (json, value) => json.WriteNumberValue(value), json => json.GetInt64(), Invariant),
        new LabelType<ulong>(
        "UInt64", NumberDataViewType.UInt64, (json, value) => json.WriteNumberValue(value), json => json.GetUInt64(), Invariant),
        new LabelType<DateTime>("DateTime", DateTimeDataViewType.Instance, (json, value) => json.WriteStringValue(
        value.ToString("O", CultureInfo.InvariantCulture)),
            json => DateTime.ParseExact(Text(json), "O", CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind), value =>
            value.ToString("O", CultureInfo.InvariantCulture)),
        new LabelType<DateTimeOffset>("DateTimeOffset", DateTimeOffsetDataViewType.Instance, (json, value) => json.WriteStringValue(
        value.ToString("O", CultureInfo.InvariantCulture)),
            json => DateTimeOffset.ParseExact(Text(json), "O", CultureInfo.InvariantCulture), value =>
            value.ToString("O", CultureInfo.InvariantCulture)),
        new LabelType<TimeSpan>("TimeSpan", TimeSpanDataViewType.Instance, (json, value) => json.WriteStringValue(
        value.ToString("c", CultureInfo.InvariantCulture)),
            json => TimeSpan.ParseExact(Text(json), "c", CultureInfo.InvariantCulture), value =>
            value.ToString("c", CultureInfo.InvariantCulture)),
    ];

    public string Kind { get; } = kind;

    public PrimitiveDataViewType Type { get; } = type;

    /// <summary>Default values, for where only the type matters.</summary>
    public abstract LabelValues Sample(int count);

    public abstract LabelValues Read(JsonElement array);

    /// <summary>The KeyValues annotation of <paramref name="column"/>, which must be of this type.</summary>
    public abstract LabelValues Read(DataViewSchema.Column column);

    private static string Text(JsonElement json) => json.GetString() ?? throw new FormatException("A value is null.");

    private static string Invariant<TNumber>(TNumber value) where TNumber : IFormattable =>
        value.ToString(null, CultureInfo.InvariantCulture);

    // JSON has no infinite numbers: they are written as text.
    private static void WriteReal<TReal>(Utf8JsonWriter json, TReal value, bool isFinite) where TReal : IFormattable
    {
        if (isFinite)
            json.WriteRawValue(value.ToString("R", CultureInfo.InvariantCulture));
        else
            json.WriteStringValue(value.ToString("R", CultureInfo.InvariantCulture));
    }
}

/// <inheritdoc/>
internal sealed class LabelType<T>(
    string kind, PrimitiveDataViewType type, Action<Utf8JsonWriter, T> write, Func<JsonElement, T> read, Func<T, string> format)
        : LabelType(kind, type)
{
    public void Write(Utf8JsonWriter json, T value) => write(json, value);

    public string Format(T value) => format(value);

    public override LabelValues Sample(int count) => new LabelValues<T>(this, new T[count]);

    public override LabelValues Read(JsonElement array) => new LabelValues<T>(this, [.. array.EnumerateArray().Select(read)]);

    public override LabelValues Read(DataViewSchema.Column column)
    {
        VBuffer<T> keyValues = default;
        column.Annotations.GetValue(LabelValues.KeyValuesKind, ref keyValues);
        return new LabelValues<T>(this, [.. keyValues.DenseValues()]);
    }
}
