using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>
/// Keeps the named columns in the order of their names, hidden ones only on request; or drops the named ones, hidden or not,
/// and keeps the rest as it is.
/// </summary>
[LoadableClass(Signature)]
public sealed class ColumnSelectingTransformer : ITransformer
{
    private const string Signature = "SelectColumnsTransform";
    private readonly string[] _names;
    private readonly bool _keep, _keepHidden;

    internal ColumnSelectingTransformer(IHostEnvironment env, string[] keepColumns, string[] dropColumns, bool keepHidden)
    {
        Contracts.CheckValue(env, nameof(env));
        env.Register(nameof(ColumnSelectingTransformer));
        _keep = keepColumns is { Length: > 0 };
        bool drop = dropColumns is { Length: > 0 };
        Contracts.Check(!(_keep && drop), "Both keepColumns and dropColumns are set. Exactly one can be specified.");
        Contracts.Check(_keep || drop, "Neither keepColumns and dropColumns is set. Exactly one must be specified.");
        _names = _keep ? keepColumns : dropColumns;
        _keepHidden = keepHidden;
    }

    bool ITransformer.IsRowToRowMapper => true;

    internal bool Selects(string name) => _names.Contains(name) == _keep;

    internal void CheckNames(IEnumerable<string> columns, string parameter = "inputSchema")
    {
        var missing = _names.Except(columns).ToArray();
        if (missing.Length > 0)
            throw Contracts.ExceptMissing("input", string.Join(",", missing), parameter);
    }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return new SelectedColumns(inputSchema, SourceIndices(inputSchema)).Output;
    }

    public IDataView Transform(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        return new SelectedColumnsView(input, new SelectedColumns(input.Schema, SourceIndices(input.Schema, nameof(input))));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return new SelectedColumns(inputSchema, SourceIndices(inputSchema));
    }

    private int[] SourceIndices(DataViewSchema schema, string parameter = "inputSchema")
    {
        CheckNames(schema.Select(c => c.Name), parameter);
        if (!_keep)
            return schema.Where(c => !_names.Contains(c.Name)).Select(c => c.Index).ToArray();
        return _names.SelectMany(name => schema.Where(c => c.Name == name && (_keepHidden || !c.IsHidden))).Select(c => c.Index).ToArray();
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        ctx.SetLoader(Signature, typeof(ColumnSelectingTransformer).Assembly);
        ctx.Writer.Write(_keep);
        ctx.Writer.Write(_keepHidden);
        ctx.Writer.WriteStrings(_names);
    }

    private static ColumnSelectingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        bool keep = ctx.Reader.ReadBoolean(), keepHidden = ctx.Reader.ReadBoolean();
        var names = ctx.Reader.ReadStrings();
        return new ColumnSelectingTransformer(env, keep ? names : null, keep ? null : names, keepHidden);
    }
}
