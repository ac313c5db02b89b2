using System;
using System.Linq;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The names under which annotations are known.</summary>
internal static class AnnotationKinds
{
    public const string SlotNames = "SlotNames";
    public const string KeyValues = "KeyValues";
    public const string IsNormalized = "IsNormalized";
    public const string ScoreColumnSetId = "ScoreColumnSetId";
    public const string ScoreColumnKind = "ScoreColumnKind";
    public const string ScoreValueKind = "ScoreValueKind";
    public const string CategoricalSlotRanges = "CategoricalSlotRanges";
    public const string TrainingLabelValues = "TrainingLabelValues";
}

internal static class AnnotationValues
{
    /// <summary>A getter that gives copies of a value: strings as text, arrays as vectors.</summary>
    public static Delegate GetterOf(object value, DataViewType type)
    {
        var make = typeof(AnnotationValues).GetMethod(type is VectorDataViewType ? nameof(VectorGetter) : nameof(ScalarGetter),
            System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Static);
        try
        {
            return (Delegate)make.MakeGenericMethod(type.GetItemType().RawType).Invoke(null, [value]);
        }
        catch (System.Reflection.TargetInvocationException ex)
        {
            throw ex.InnerException;
        }
    }

    public static VectorDataViewType TextVector(int size) => new(TextDataViewType.Instance, size);

    public static void AddSlotNames(this DataViewSchema.Annotations.Builder builder, int size, ValueGetter<VBuffer<ReadOnlyMemory<char>>> getter)
        => builder.Add(AnnotationKinds.SlotNames, TextVector(size), getter);

    public static void AddSlotNames(this DataViewSchema.Annotations.Builder builder, ReadOnlyMemory<char>[] names)
        => builder.AddSlotNames(names.Length, (ref VBuffer<ReadOnlyMemory<char>> d) => new VBuffer<ReadOnlyMemory<char>>(names.Length, names).CopyTo(ref d));

    public static void AddKeyValues<T>(this DataViewSchema.Annotations.Builder builder, VBuffer<T> values, PrimitiveDataViewType itemType)
        => builder.Add(AnnotationKinds.KeyValues, new VectorDataViewType(itemType, values.Length), (ref VBuffer<T> d) => values.CopyTo(ref d));

    private static ValueGetter<T> ScalarGetter<T>(object value)
    {
        var typed = (T)Converted(value, typeof(T));
        return (ref T destination) => destination = typed;
    }

    private static ValueGetter<VBuffer<T>> VectorGetter<T>(object value)
    {
        var vector = value switch
        {
            VBuffer<T> buffer => buffer,
            T[] array => new VBuffer<T>(array.Length, array),
            Array array => Dense(array.Cast<object>().Select(item => (T)Converted(item, typeof(T))).ToArray()),
            VBuffer<string> strings => Dense(strings.DenseValues().Select(item => (T)Converted(item, typeof(T))).ToArray()),
            _ => throw new ArgumentOutOfRangeException(nameof(value), $"A vector of {typeof(T)} is needed."),
        };
        return (ref VBuffer<T> destination) => vector.CopyTo(ref destination);
    }

    private static VBuffer<T> Dense<T>(T[] values) => new(values.Length, values);

    private static object Converted(object value, Type raw)
    {
        if (raw == typeof(ReadOnlyMemory<char>) && value is null or string)
            return ((string)value).AsMemory();
        Contracts.CheckParam(value != null && value.GetType() == raw, nameof(value), $"A value of {raw} is needed.");
        return value;
    }
}

public static class SchemaAnnotationsExtensions
{
    public static bool HasSlotNames(this DataViewSchema.Column column)
        => column.Type is VectorDataViewType { Size: > 0 } vector
            && column.Annotations.Schema.GetColumnOrNull(AnnotationKinds.SlotNames)?.Type is VectorDataViewType names
            && names.Size == vector.Size && names.ItemType is TextDataViewType;

    public static void GetSlotNames(this DataViewSchema.Column column, ref VBuffer<ReadOnlyMemory<char>> slotNames)
        => column.Annotations.GetValue(AnnotationKinds.SlotNames, ref slotNames);

    public static bool HasKeyValues(this DataViewSchema.Column column, PrimitiveDataViewType keyValueItemType = null)
        => column.Type.GetItemType() is KeyDataViewType key
            && column.Annotations.Schema.GetColumnOrNull(AnnotationKinds.KeyValues)?.Type is VectorDataViewType values
            && key.Count == (ulong)values.Size
            && (keyValueItemType ?? TextDataViewType.Instance).Equals(values.ItemType);

    public static void GetKeyValues<TValue>(this DataViewSchema.Column column, ref VBuffer<TValue> keyValues)
        => column.Annotations.GetValue(AnnotationKinds.KeyValues, ref keyValues);

    public static bool IsNormalized(this DataViewSchema.Column column)
    {
        if (column.Annotations.Schema.GetColumnOrNull(AnnotationKinds.IsNormalized)?.Type is not BooleanDataViewType)
            return false;
        var value = false;
        column.Annotations.GetValue(AnnotationKinds.IsNormalized, ref value);
        return value;
    }
}
