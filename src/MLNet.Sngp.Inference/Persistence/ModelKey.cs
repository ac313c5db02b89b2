using System.Buffers.Binary;
using System.Text;

namespace MLNet.Sngp.Persistence;

/// <summary>
/// Reads from an entry <c>Model.key</c> of ML.NET which assemblies loading it would load, and refuses those that have no business there.
/// </summary>
/// <remarks>
/// ML.NET finds a transformer's loader by names that stand in the file: it loads the assembly, looks through the attributes of its types,
/// and makes an object of the type that carries the signature or contract. Allowed are ML.NET's assemblies, this library's, and
/// those that the program has loaded itself.
/// </remarks>
internal static class ModelKey
{
    private const ulong Mark = 0x4C45444F4D004C4D;
    private const int HeaderSize = 256;
    private const string CustomMapping = "CustomTransformer";
    private const uint VersionWithAssembly = 0x00010002;

    // Where things stand in the header; positions are counted from the entry's start.
    private const int StringTableAt = 0x20;
    private const int CharactersAt = 0x30;
    private const int ModelVersionAt = 0x48;
    private const int SignatureAt = 0x50;
    private const int AssemblyAt = 0x90;
    private const int SignatureLength = 24;

    /// <summary>Whether an entry with these first bytes is such a one.</summary>
    public static bool IsOne(ReadOnlySpan<byte> start) => start.Length >= sizeof(ulong)
        && BinaryPrimitives.ReadUInt64LittleEndian(start) == Mark;

    /// <exception cref="ModelFormatException">The entry names an assembly that is not allowed, or is damaged.</exception>
    public static void Check(string entry, ReadOnlySpan<byte> content)
    {
        if (content.Length < HeaderSize)
            throw Damaged(entry);
        CheckAssembly(entry, Text(
            entry, content, Position(content, AssemblyAt),
            BinaryPrimitives.ReadUInt32LittleEndian(content[(AssemblyAt + sizeof(long))..])));
        for (var at = SignatureAt; at <= SignatureAt + SignatureLength; at += SignatureLength)
        {
            // A custom mapping's contract and its assembly are the first two strings that the model block refers to.
            var signature = Encoding.Latin1.GetString(content.Slice(at, SignatureLength)).TrimEnd('\0');
            if (signature == CustomMapping && BinaryPrimitives.ReadUInt32LittleEndian(content[ModelVersionAt..]) >= VersionWithAssembly)
                CheckAssembly(entry, String(entry, content, Int32(entry, content, HeaderSize + sizeof(int))));
        }
    }

    private static void CheckAssembly(string entry, string fullName)
    {
        var name = fullName.Split(',')[0].Trim();
        if (name.Length == 0 || IsOf(name, "Microsoft.ML") || IsOf(name, "MLNet.Sngp"))
            return;
        if (!AppDomain.CurrentDomain.GetAssemblies().Any(assembly => assembly.GetName().Name == name))
            throw new ModelFormatException(
                $"The entry '{entry}' asks to load the assembly '{fullName}', which this program has not loaded. "
                + "If you trust the file, use a type of that assembly before you load it, or load it with mlContext.Model.Load.");
    }

    private static bool IsOf(string name, string family) => name == family || name.StartsWith(family + ".", StringComparison.Ordinal);

    private static string String(string entry, ReadOnlySpan<byte> content, int index)
    {
        var table = Position(content, StringTableAt);
        if (index < 0)
            throw Damaged(entry);
        var start = index == 0 ? 0 : Int64(entry, content, table + (sizeof(long) * (index - 1L)));
        var end = Int64(entry, content, table + (sizeof(long) * (long)index));
        if (start < 0 || start > end)
            throw Damaged(entry);
        return Text(entry, content, Position(content, CharactersAt) + start, end - start);
    }

    private static string Text(string entry, ReadOnlySpan<byte> content, long at, long length) =>
        Encoding.Unicode.GetString(Slice(entry, content, at, length));

    private static long Position(ReadOnlySpan<byte> content, int at) => BinaryPrimitives.ReadInt64LittleEndian(content[at..]);

    private static int Int32(string entry, ReadOnlySpan<byte> content, long at) =>
        BinaryPrimitives.ReadInt32LittleEndian(Slice(entry, content, at, sizeof(int)));

    private static long Int64(string entry, ReadOnlySpan<byte> content, long at) =>
        BinaryPrimitives.ReadInt64LittleEndian(Slice(entry, content, at, sizeof(long)));

    private static ReadOnlySpan<byte> Slice(string entry, ReadOnlySpan<byte> content, long at, long length) =>
        at >= 0 && length >= 0 && at <= content.Length && length <= content.Length - at
            ? content.Slice((int)at, (int)length)
            : throw Damaged(entry);

    private static ModelFormatException Damaged(string entry) =>
        new($"The entry '{entry}' is damaged: what its header says lies outside of it. Give a file that mlContext.Model.Save wrote.");
}
