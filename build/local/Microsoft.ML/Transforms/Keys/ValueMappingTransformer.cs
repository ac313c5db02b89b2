using System;
using System.Collections.Generic;
using System.IO;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Looks values up in a table; what the table does not hold becomes a missing value.</summary>
[LoadableClass(Signature)]
public class ValueMappingTransformer : OneToOneTransformerBase
{
    private const string Signature = "ValueMappingTransformer";

    private readonly ValueMap _map;

    internal ValueMappingTransformer(IHostEnvironment env, ValueMap map, params (string outputColumnName, string inputColumnName)[] columns)
        : base(env.Register(nameof(ValueMappingTransformer)), columns)
    {
        _map = map;
    }

    internal DataViewSchema.DetachedColumn ValueColumn => _map.ValueColumn;

    private protected override MappedColumn Bind(DataViewSchema.Column input, int pair)
    {
        var item = input.Type.GetItemType();
        if (item.RawType != _map.KeyType.RawType)
            throw Contracts.ExceptMismatch("input", input.Name, _map.KeyType.ToString(), input.Type.ToString());
        var type = _map.ValueColumn.Type;
        if (input.Type is VectorDataViewType)
            type = new VectorDataViewType(ColumnTypes.FromKind(ColumnTypes.KindOf(type.RawType)));
        var output = new DataViewSchema.DetachedColumn(ColumnPairs[pair].outputColumnName, type, _map.ValueColumn.Annotations);
        return new MappedColumn(output, input.Index, row => _map.MakeGetter(row, input));
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader(Signature, typeof(ValueMappingTransformer).Assembly);
        SaveColumns(ctx);
        _map.Save(ctx.Writer);
    }

    private static ValueMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        var columns = LoadColumns(ctx);
        return new ValueMappingTransformer(env, ValueMap.Load(ctx.Reader), columns);
    }
}

/// <summary>A lookup table.</summary>
internal abstract class ValueMap
{
    public DataViewType KeyType { get; private set; }

    public DataViewSchema.DetachedColumn ValueColumn { get; private set; }

    public abstract Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column);

    public static ValueMap Create(IDataView table, DataViewSchema.Column keys, DataViewSchema.Column values)
    {
        Contracts.CheckValue(table, nameof(table));
        var map = Create(keys.Type, new DataViewSchema.DetachedColumn(values));
        using var cursor = table.GetRowCursor(new[] { table.Schema[keys.Index], table.Schema[values.Index] });
        map.Read(cursor, table.Schema[keys.Index], table.Schema[values.Index]);
        return map;
    }

    public void Save(BinaryWriter writer)
    {
        var schema = new DataViewSchema.Builder();
        schema.AddColumn("Key", KeyType);
        schema.AddColumn("Value", ValueColumn.Type, ValueColumn.Annotations);
        writer.WriteSchema(schema.ToSchema());
        SaveValues(writer);
    }

    public static ValueMap Load(BinaryReader reader)
    {
        var schema = reader.ReadSchema();
        Contracts.CheckDecode(schema.Count == 2, "Corrupt model file");
        var map = Create(schema[0].Type, new DataViewSchema.DetachedColumn(schema[1]));
        map.LoadValues(reader);
        return map;
    }

    protected abstract void Read(DataViewRowCursor cursor, DataViewSchema.Column keys, DataViewSchema.Column values);

    protected abstract void SaveValues(BinaryWriter writer);

    protected abstract void LoadValues(BinaryReader reader);

    private static ValueMap Create(DataViewType keyType, DataViewSchema.DetachedColumn valueColumn)
    {
        var map = (ValueMap)Activator.CreateInstance(typeof(ValueMap<,>).MakeGenericType(keyType.RawType, valueColumn.Type.RawType));
        map.KeyType = keyType;
        map.ValueColumn = valueColumn;
        return map;
    }
}

internal sealed class ValueMap<TKey, TValue> : ValueMap
{
    private readonly Dictionary<TKey, TValue> _values = typeof(TKey) == typeof(ReadOnlyMemory<char>)
        ? (Dictionary<TKey, TValue>)(object)new Dictionary<ReadOnlyMemory<char>, TValue>(TextComparer.Instance)
        : new Dictionary<TKey, TValue>();

    public override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column)
    {
        var missing = Missing.Value<TValue>();
        TValue Map(TKey key) => _values.TryGetValue(key, out var value) ? value : missing;
        if (column.Type is VectorDataViewType)
            return VectorMap.Make<TKey, TValue>(row, column, Map);
        var get = row.GetGetter<TKey>(column);
        TKey key = default;
        return (ValueGetter<TValue>)((ref TValue value) =>
        {
            get(ref key);
            value = Map(key);
        });
    }

    protected override void Read(DataViewRowCursor cursor, DataViewSchema.Column keys, DataViewSchema.Column values)
    {
        var getKey = cursor.GetGetter<TKey>(keys);
        var getValue = cursor.GetGetter<TValue>(values);
        while (cursor.MoveNext())
        {
            TKey key = default;
            TValue value = default;
            getKey(ref key);
            getValue(ref value);
            Contracts.Check(_values.TryAdd(key, value), $"Duplicate keys in data '{key}'");
        }
    }

    protected override void SaveValues(BinaryWriter writer)
    {
        writer.Write(_values.Count);
        foreach (var (key, value) in _values)
        {
            writer.WriteValue(key);
            writer.WriteValue(value);
        }
    }

    protected override void LoadValues(BinaryReader reader)
    {
        for (var count = reader.ReadInt32(); count > 0; count--)
            _values.Add(reader.ReadValue<TKey>(), reader.ReadValue<TValue>());
    }
}
