using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Adds columns that a user's action computes, row by row, only when one of them is asked for.</summary>
public sealed class CustomMappingTransformer<TSrc, TDst> : ITransformer
    where TSrc : class, new()
    where TDst : class, new()
{
    private readonly IHost _host;
    private readonly Action<TSrc, TDst> _mapAction;
    private readonly string _contractName;

    internal CustomMappingTransformer(IHostEnvironment env, Action<TSrc, TDst> mapAction, string contractName,
        SchemaDefinition inputSchemaDefinition = null, SchemaDefinition outputSchemaDefinition = null)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register("CustomMappingTransformer");
        Contracts.CheckValue(mapAction, nameof(mapAction));
        _mapAction = mapAction;
        _contractName = contractName;
        InputSchemaDefinition = inputSchemaDefinition;
        AddedColumns = UserColumns.Of(typeof(TDst), outputSchemaDefinition, SchemaDefinition.Direction.Write);
    }

    bool ITransformer.IsRowToRowMapper => true;

    internal UserColumn[] AddedColumns { get; }

    internal SchemaDefinition InputSchemaDefinition { get; }

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return new ColumnBindings(inputSchema, ((IRowMapper)new Mapper(this, inputSchema)).GetOutputColumns()).Schema;
    }

    public IDataView Transform(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        return new RowToRowMapperTransform(_host, input, new Mapper(this, input.Schema));
    }

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        return new RowToRowMapperTransform(_host, new EmptyDataView(inputSchema), new Mapper(this, inputSchema));
    }

    void ICanSaveModel.Save(ModelSaveContext ctx)
    {
        Contracts.Check(_contractName != null, "Empty contract name for a transform: the transform cannot be saved");
        ctx.SetLoader(CustomMappingLoader.Signature, typeof(CustomMappingLoader).Assembly);
        ctx.SaveString(_contractName);
        ctx.SaveString(_mapAction.Method.DeclaringType.Assembly.FullName);
    }

    internal sealed class Mapper : IRowMapper
    {
        private readonly CustomMappingTransformer<TSrc, TDst> _parent;
        private readonly RowFiller<TSrc> _filler;

        public Mapper(CustomMappingTransformer<TSrc, TDst> parent, DataViewSchema inputSchema)
        {
            _parent = parent;
            _filler = new RowFiller<TSrc>(inputSchema, false, parent.InputSchemaDefinition);
        }

        DataViewSchema.DetachedColumn[] IRowMapper.GetOutputColumns()
            => UserColumns.SchemaOf(_parent.AddedColumns).Select(c => new DataViewSchema.DetachedColumn(c)).ToArray();

        Func<int, bool> IRowMapper.GetDependencies(Func<int, bool> activeOutput)
        {
            if (!Enumerable.Range(0, _parent.AddedColumns.Length).Any(activeOutput))
                return _ => false;
            var needed = _filler.Dependencies.Select(c => c.Index).ToHashSet();
            return needed.Contains;
        }

        Delegate[] IRowMapper.CreateGetters(DataViewRow input, Func<int, bool> activeOutput, out Action disposer)
        {
            disposer = null;
            var getters = new Delegate[_parent.AddedColumns.Length];
            if (!Enumerable.Range(0, getters.Length).Any(activeOutput))
                return getters;
            var output = new UserRow<TDst>(_parent.AddedColumns);
            var refresh = MakeRefresh(input, output);
            for (int i = 0; i < getters.Length; i++)
                if (activeOutput(i))
                    getters[i] = Generic.Call<Delegate>(this, nameof(MakeGetter), output.Schema[i].Type.RawType, output, i, refresh);
            return getters;
        }

        // The action runs once for a row, whichever column is read first.
        private Action MakeRefresh(DataViewRow input, UserRow<TDst> output)
        {
            var fill = _filler.Bind(input);
            var source = new TSrc();
            var result = new TDst();
            long served = -1;
            return () =>
            {
                if (served == input.Position)
                    return;
                fill(source);
                _parent._mapAction(source, result);
                output.ExtractValues(result);
                served = input.Position;
            };
        }

        private Delegate MakeGetter<T>(UserRow<TDst> output, int index, Action refresh)
        {
            var get = output.GetGetter<T>(output.Schema[index]);
            return (ValueGetter<T>)((ref T value) =>
            {
                refresh();
                get(ref value);
            });
        }
    }
}
