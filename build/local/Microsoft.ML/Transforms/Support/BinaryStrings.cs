using System.IO;
using System.Linq;

namespace Microsoft.ML.Transforms;

internal static class BinaryStrings
{
    public static void WriteStrings(this BinaryWriter writer, string[] values)
    {
        writer.Write(values.Length);
        foreach (var value in values)
            writer.Write(value);
    }

    public static string[] ReadStrings(this BinaryReader reader)
        => Enumerable.Range(0, reader.ReadInt32()).Select(_ => reader.ReadString()).ToArray();
}
