using System.Runtime.InteropServices;
using System.Text;

namespace MLNet.Sngp.Training;

/// <summary>What a checkpoint holds: texts, numbers and arrays under names, in the order in which they were set. Not thread-safe.</summary>
/// <remarks>Little-endian: a count, then for each entry its name, a byte that says what it is, and its value; lengths come before what they
/// measure.</remarks>
internal sealed class CheckpointContent
{
    private const string Damaged = "its content is damaged";
    private readonly Dictionary<string, object> _entries = new(StringComparer.Ordinal);

    // Of Dictionary.Keys that nothing was removed from.
    public IEnumerable<string> Names => _entries.Keys;

    /// <param name="name">The name.</param>
    /// <param name="value">A string, long, double, float[] or double[].</param>
    public void Set(string name, object value) => _entries[name] = value;

    public bool Has(string name) => _entries.ContainsKey(name);

    /// <exception cref="InvalidDataException">There is none of this type.</exception>
    public T Get<T>(string name) => _entries.TryGetValue(name, out var value) && value is T typed
        ? typed
        : throw new InvalidDataException($"it has no '{name}'");

    /// <summary>The number of bytes that <see cref="Write"/> writes.</summary>
    public long CountBytes() => sizeof(int)
        + _entries.Sum(entry => sizeof(int) + Encoding.UTF8.GetByteCount(entry.Key) + 1 + entry.Value switch
    {
        string text => sizeof(int) + Encoding.UTF8.GetByteCount(text),
        float[] values => sizeof(long) + values.LongLength * sizeof(float),
        double[] values => sizeof(long) + values.LongLength * sizeof(double),
        _ => sizeof(long),
    });

    public void Write(Stream stream)
    {
        using var writer = new BinaryWriter(stream, Encoding.UTF8, leaveOpen: true);
        writer.Write(_entries.Count);
        foreach (var (name, value) in _entries)
        {
            WriteText(writer, name);
            switch (value)
            {
                case string text: writer.Write((byte)Kind.Text); WriteText(writer, text); break;
                case long number: writer.Write((byte)Kind.Integer); writer.Write(number); break;
                case double number: writer.Write((byte)Kind.Number); writer.Write(number); break;
                case float[] values: writer.Write((byte)Kind.Singles); WriteArray(writer, values); break;
                case double[] values: writer.Write((byte)Kind.Doubles); WriteArray(writer, values); break;
                default: throw new ArgumentException($"A checkpoint cannot hold {value.GetType()}.", nameof(stream));
            }
        }
    }

    /// <summary>Reads as many bytes as given; makes room only for what they can hold.</summary>
    /// <exception cref="InvalidDataException">The bytes are something else.</exception>
    public static CheckpointContent Read(Stream stream, long length)
    {
        var reader = new Reader(stream, length);
        var content = new CheckpointContent();
        for (var left = reader.ReadInt32(); left > 0; left--)
            content._entries[reader.ReadText()] = reader.ReadValue();
        return reader.Remaining == 0 ? content : throw new InvalidDataException(Damaged);
    }

    private static void WriteText(BinaryWriter writer, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }

    private static void WriteArray<T>(BinaryWriter writer, T[] values) where T : unmanaged
    {
        writer.Write(values.LongLength);
        foreach (var part in Parts(values))
            writer.Write(part.Span);
    }

    // A span of bytes ends at 2 GB.
    private static IEnumerable<ByteSpan<T>> Parts<T>(T[] values) where T : unmanaged
    {
        const int size = 1 << 20;
        for (var start = 0; start < values.Length; start += size)
            yield return new ByteSpan<T>(values, start, Math.Min(size, values.Length - start));
    }

    private enum Kind : byte
    {
        Text = 1,
        Integer = 2,
        Number = 3,
        Singles = 4,
        Doubles = 5,
    }

    private readonly record struct ByteSpan<T>(T[] Values, int Start, int Count) where T : unmanaged
    {
        public Span<byte> Span => MemoryMarshal.AsBytes(Values.AsSpan(Start, Count));
    }

    private sealed class Reader(Stream stream, long length)
    {
        public long Remaining { get; private set; } = length;

        public int ReadInt32() => ReadNumber<int>();

        public string ReadText()
        {
            var bytes = new byte[Take(ReadInt32(), 1)];
            stream.ReadExactly(bytes);
            return Encoding.UTF8.GetString(bytes);
        }

        public object ReadValue() => (Kind)ReadNumber<byte>() switch
        {
            Kind.Text => ReadText(),
            Kind.Integer => ReadNumber<long>(),
            Kind.Number => ReadNumber<double>(),
            Kind.Singles => ReadArray<float>(sizeof(float)),
            Kind.Doubles => ReadArray<double>(sizeof(double)),
            _ => throw new InvalidDataException(Damaged),
        };

        private T[] ReadArray<T>(int size) where T : unmanaged
        {
            var values = new T[Take(ReadNumber<long>(), size)];
            foreach (var part in Parts(values))
                stream.ReadExactly(part.Span);
            return values;
        }

        private T ReadNumber<T>() where T : unmanaged
        {
            var value = new T[1];
            var bytes = MemoryMarshal.AsBytes(value.AsSpan());
            Take(bytes.Length, 1);
            stream.ReadExactly(bytes);
            return value[0];
        }

        /// <summary>The count, once it is known that so many items are left.</summary>
        private long Take(long count, int size)
        {
            if (count < 0 || count > Remaining / size)
                throw new InvalidDataException(Damaged);
            Remaining -= count * size;
            return count;
        }
    }
}
