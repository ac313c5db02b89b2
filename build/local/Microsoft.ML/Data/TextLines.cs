using System.Collections.Generic;
using System.IO;
using System.Linq;

namespace Microsoft.ML.Data;

internal readonly record struct TextLine(long Number, string Text);

/// <summary>The lines of files that hold data: no empty ones, no comments, no header.</summary>
internal static class TextLines
{
    public static IEnumerable<TextLine> Read(IMultiStreamSource source, bool hasHeader, TextLoader.Options options)
    {
        var left = options.MaxRows ?? long.MaxValue;
        for (var i = 0; i < source.Count; i++)
        {
            using var reader = source.OpenTextReader(i);
            var isFirst = true;
            foreach (var line in All(reader, options.AllowQuoting && options.ReadMultilines))
            {
                var text = line.Text;
                if (text.Length == 0 || text.StartsWith("//") || (isFirst && text[0] == '#'))
                    continue;
                var isHeader = isFirst && hasHeader;
                isFirst = false;
                if (isHeader)
                    continue;
                if (left-- <= 0)
                    yield break;
                yield return line;
            }
        }
    }

    private static IEnumerable<TextLine> All(TextReader reader, bool joinQuoted)
    {
        for (long number = 1; reader.ReadLine() is { } text; number++)
        {
            while (joinQuoted && text.Count(c => c == '"') % 2 == 1 && reader.ReadLine() is { } next)
                text += "\n" + next;
            yield return new TextLine(number, text);
        }
    }
}
