using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Text loaders in model files.</summary>
[LoadableClass(Signature)]
internal static class TextLoaderModel
{
    private const string Signature = "TextLoader";

    public static void Save(ModelSaveContext ctx, TextLoader.Options options, TextColumn[] columns, DataViewSchema schema)
    {
        ctx.SetLoader(Signature, typeof(TextLoaderModel).Assembly);
        var writer = ctx.Writer;
        foreach (var flag in new[] { options.AllowQuoting, options.AllowSparse, options.TrimWhitespace, options.HasHeader, options.ReadMultilines, options.MissingRealsAsNaNs })
            writer.Write(flag);
        writer.Write(new string(options.Separators));
        writer.Write(options.DecimalMarker);
        writer.Write(options.EscapeChar);
        writer.Write(options.InputSize ?? 0);
        writer.Write(options.MaxRows ?? long.MaxValue);
        writer.WriteSchema(schema);
        foreach (var column in columns)
        {
            writer.Write(column.Segments.Length);
            foreach (var (min, lim) in column.Segments)
            {
                writer.Write(min);
                writer.Write(lim);
            }
        }
    }

    private static object Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        var reader = ctx.Reader;
        var options = new TextLoader.Options
        {
            AllowQuoting = reader.ReadBoolean(),
            AllowSparse = reader.ReadBoolean(),
            TrimWhitespace = reader.ReadBoolean(),
            HasHeader = reader.ReadBoolean(),
            ReadMultilines = reader.ReadBoolean(),
            MissingRealsAsNaNs = reader.ReadBoolean(),
            Separators = reader.ReadString().ToCharArray(),
            DecimalMarker = reader.ReadChar(),
            EscapeChar = reader.ReadChar(),
            InputSize = reader.ReadInt32(),
            MaxRows = reader.ReadInt64(),
        };
        var schema = reader.ReadSchema();
        var columns = schema.Select(c => TextColumn.Restore(c.Name, c.Type,
            Enumerable.Range(0, reader.ReadInt32()).Select(_ => (reader.ReadInt32(), reader.ReadInt32())).ToArray())).ToArray();
        return new TextLoader(env, options, columns, schema);
    }
}
