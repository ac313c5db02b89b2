using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Computes columns of a row from columns of the same row; bound to one input schema.</summary>
internal interface IRowMapper
{
    DataViewSchema.DetachedColumn[] GetOutputColumns();

    /// <summary>Which input columns are read when the given outputs (by their index among the outputs) are asked for.</summary>
    Func<int, bool> GetDependencies(Func<int, bool> activeOutput);

    /// <summary>A <see cref="ValueGetter{TValue}"/> for each active output, null for the others; what to do at the end, or null.</summary>
    Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer);
}

/// <summary>A mapper that computes its output columns when they are first asked for, and one getter at a time.</summary>
internal abstract class RowMapperBase : IRowMapper
{
    private readonly Lazy<DataViewSchema.DetachedColumn[]> _outputs;

    protected RowMapperBase(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        InputSchema = inputSchema;
        _outputs = new Lazy<DataViewSchema.DetachedColumn[]>(MakeOutputColumns);
    }

    protected DataViewSchema InputSchema { get; }

    public DataViewSchema.DetachedColumn[] GetOutputColumns() => _outputs.Value;

    public Delegate[] CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer)
    {
        var getters = new Delegate[_outputs.Value.Length];
        Action all = null;
        for (var i = 0; i < getters.Length; i++)
        {
            if (!activeOutput(i))
                continue;
            getters[i] = MakeGetter(input, i, out var one);
            all += one;
        }
        disposer = all;
        return getters;
    }

    public abstract Func<int, bool> GetDependencies(Func<int, bool> activeOutput);

    protected abstract DataViewSchema.DetachedColumn[] MakeOutputColumns();

    protected abstract Delegate MakeGetter(DataViewRow input, int output, out Action disposer);
}

/// <summary>A mapper whose outputs each read one input column.</summary>
internal abstract class OneToOneMapperBase : RowMapperBase
{
    protected OneToOneMapperBase(DataViewSchema inputSchema) : base(inputSchema) { }

    /// <summary>The index of the input column that an output reads.</summary>
    protected abstract int InputColumnOf(int output);

    public override Func<int, bool> GetDependencies(Func<int, bool> activeOutput)
    {
        var needed = Enumerable.Range(0, GetOutputColumns().Length).Where(activeOutput).Select(InputColumnOf).ToHashSet();
        return needed.Contains;
    }
}

public abstract class RowToRowTransformerBase : ITransformer
{
    private protected readonly IHost Host;

    private protected RowToRowTransformerBase(IHost host) => Host = host;

    bool ITransformer.IsRowToRowMapper => true;

    void ICanSaveModel.Save(ModelSaveContext ctx) => SaveModel(ctx);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return new RowToRowMapperTransform(Host, new EmptyDataView(inputSchema), MakeRowMapper(inputSchema));
    }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return new ColumnBindings(inputSchema, MakeRowMapper(inputSchema).GetOutputColumns()).Schema;
    }

    public IDataView Transform(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        return new RowToRowMapperTransform(Host, input, MakeRowMapper(input.Schema));
    }

    private protected abstract IRowMapper MakeRowMapper(DataViewSchema inputSchema);

    /// <summary>Writes the transformer; begins with <see cref="ModelSaveContext.SetLoader(string, System.Reflection.Assembly)"/>.</summary>
    private protected abstract void SaveModel(ModelSaveContext ctx);
}

public abstract partial class OneToOneTransformerBase : RowToRowTransformerBase
{
    private protected OneToOneTransformerBase(IHost host) : base(host) { }
}

/// <summary>Where input and added columns stand in the output: an added column comes right after the last one of its name, new names at the end.</summary>
internal sealed class ColumnBindings
{
    private readonly int[] _sources; // an input's index, or the complement of an added column's

    public ColumnBindings(DataViewSchema input, DataViewSchema.DetachedColumn[] added)
    {
        InputSchema = input;
        var order = Enumerable.Range(0, input.Count).ToList();
        string NameOf(int source) => source >= 0 ? input[source].Name : added[~source].Name;
        for (var i = 0; i < added.Length; i++)
        {
            var last = order.FindLastIndex(source => NameOf(source) == added[i].Name);
            order.Insert(last < 0 ? order.Count : last + 1, ~i);
        }
        _sources = order.ToArray();
        AddedIndices = Enumerable.Range(0, added.Length).Select(i => order.IndexOf(~i)).ToArray();
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(_sources.Select(s => s >= 0 ? new DataViewSchema.DetachedColumn(input[s]) : added[~s]));
        Schema = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema Schema { get; }

    /// <summary>For each added column its index in <see cref="Schema"/>.</summary>
    public int[] AddedIndices { get; }

    /// <summary>The index among the inputs or among the added columns.</summary>
    public int Map(int column, out bool isInput)
    {
        var source = _sources[column];
        isInput = source >= 0;
        return isInput ? source : ~source;
    }

    public IEnumerable<int> ActiveInputs(bool[] active)
    {
        for (var i = 0; i < _sources.Length; i++)
            if (_sources[i] >= 0 && active[i])
                yield return _sources[i];
    }
}
