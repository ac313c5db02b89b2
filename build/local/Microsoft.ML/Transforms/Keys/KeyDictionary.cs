using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>The values that a mapping knows, in key order. The first has key 1; key 0 stands for all others.</summary>
internal abstract class KeyDictionary
{
    protected KeyDictionary(PrimitiveDataViewType itemType) => ItemType = itemType;

    public PrimitiveDataViewType ItemType { get; }

    public abstract int Count { get; }

    /// <summary>The values in key order, boxed.</summary>
    public abstract IEnumerable<object> AllValues { get; }

    /// <summary>The key type; an empty dictionary has one key that nothing maps to.</summary>
    public KeyDataViewType KeyType => new(typeof(uint), Math.Max(1, Count));

    /// <summary>Sorts by value, then looks up faster than it could be added to.</summary>
    public abstract void Sort();

    public abstract Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column);

    /// <summary>Adds what the cursor's row holds; false when the limit is reached.</summary>
    public abstract Func<bool> MakeCollector(DataViewRow row, DataViewSchema.Column column, int limit);

    public abstract void Annotate(DataViewSchema.Annotations.Builder builder, DataViewSchema.Column source, bool asText);

    public static KeyDictionary Create(DataViewType type)
    {
        var item = (PrimitiveDataViewType)type.GetItemType();
        return Generic.CallStatic<KeyDictionary>(typeof(KeyDictionary), nameof(CreateCore), item.RawType, item);
    }

    private static KeyDictionary CreateCore<T>(PrimitiveDataViewType type) => new KeyDictionary<T>(type);
}

/// <inheritdoc/>
internal sealed class KeyDictionary<T> : KeyDictionary
{
    private readonly List<T> _values = new();
    private readonly Dictionary<T, uint> _keys;
    private readonly Func<T, bool> _isMissing;

    public KeyDictionary(PrimitiveDataViewType itemType) : base(itemType)
    {
        _isMissing = Missing.Predicate<T>(itemType);
        _keys = new Dictionary<T, uint>(TextComparer.Instance as IEqualityComparer<T>);
    }

    public override int Count => _values.Count;

    public override IEnumerable<object> AllValues => _values.Cast<object>();

    public IReadOnlyList<T> Values => _values;

    public uint KeyOf(T value) => _keys.GetValueOrDefault(value);

    public bool TryAdd(T value)
    {
        if (_isMissing(value))
            return false;
        // The cursor may reuse the memory that a text points to.
        if (value is ReadOnlyMemory<char> text)
            value = _keys.ContainsKey(value) ? value : (T)(object)text.ToString().AsMemory();
        if (!_keys.TryAdd(value, (uint)_values.Count + 1))
            return false;
        _values.Add(value);
        return true;
    }

    public override void Sort()
    {
        _values.Sort(TextComparer.Instance as IComparer<T>);
        for (int i = 0; i < _values.Count; i++)
            _keys[_values[i]] = (uint)i + 1;
    }

    public override Func<bool> MakeCollector(DataViewRow row, DataViewSchema.Column column, int limit)
    {
        if (column.Type is not VectorDataViewType)
        {
            var get = row.GetGetter<T>(column);
            T value = default;
            return () =>
            {
                get(ref value);
                return !TryAdd(value) || Count < limit;
            };
        }
        var getVector = row.GetGetter<VBuffer<T>>(column);
        var vector = default(VBuffer<T>);
        return () =>
        {
            getVector(ref vector);
            // Implicit zeros of a sparse vector count as values, at their place.
            foreach (var item in vector.DenseValues())
                if (TryAdd(item) && Count >= limit)
                    return false;
            return true;
        };
    }

    public override Delegate MakeGetter(DataViewRow row, DataViewSchema.Column column)
    {
        if (column.Type is VectorDataViewType)
            return VectorMap.Make<T, uint>(row, column, KeyOf);
        var get = row.GetGetter<T>(column);
        T value = default;
        return (ValueGetter<uint>)((ref uint key) =>
        {
            get(ref value);
            key = KeyOf(value);
        });
    }

    public override void Annotate(DataViewSchema.Annotations.Builder builder, DataViewSchema.Column source, bool asText)
    {
        if (Count == 0)
            return;
        if (ItemType is KeyDataViewType key && KeyValues.Find(source, key) is { } names)
        {
            Generic.Call<object>(this, nameof(AnnotateFromNames), names.RawType, builder, source, names, asText);
            return;
        }
        KeyValues.Add(builder, ItemType, _values.ToArray(), asText);
    }

    // A mapping over keys hands on what the keys themselves stand for.
    private void AnnotateFromNames<TName>(DataViewSchema.Annotations.Builder builder, DataViewSchema.Column source, PrimitiveDataViewType type, bool asText)
    {
        var names = default(VBuffer<TName>);
        source.Annotations.GetValue(AnnotationKinds.KeyValues, ref names);
        var all = new TName[names.Length];
        names.CopyTo(all);
        KeyValues.Add(builder, type, _values.ConvertAll(v => all[(int)Convert.ToUInt64(v) - 1]).ToArray(), asText);
    }
}
