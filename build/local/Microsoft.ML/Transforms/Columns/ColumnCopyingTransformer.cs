using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Copies columns under other names, annotations included.</summary>
[LoadableClass(Signature)]
public sealed class ColumnCopyingTransformer : OneToOneTransformerBase
{
    private const string Signature = "CopyTransform";

    internal ColumnCopyingTransformer(IHostEnvironment env, params (string outputColumnName, string inputColumnName)[] columns)
        : base(env.Register(nameof(ColumnCopyingTransformer)), columns)
    {
    }

    private protected override MappedColumn Bind(DataViewSchema.Column input, int pair)
        => new(new DataViewSchema.DetachedColumn(ColumnPairs[pair].outputColumnName, input.Type, input.Annotations), input.Index,
            row => MappedColumn.PassOn(row, input));

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader(Signature, typeof(ColumnCopyingTransformer).Assembly);
        SaveColumns(ctx);
    }

    private static ColumnCopyingTransformer Create(IHostEnvironment env, ModelLoadContext ctx) => new(env, LoadColumns(ctx));
}
