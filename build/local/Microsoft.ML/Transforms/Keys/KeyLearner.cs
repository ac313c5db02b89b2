using System;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Fills key dictionaries, from the training data or from a table of keys.</summary>
internal static class KeyLearner
{
    public static DataViewSchema.Column FindColumn(DataViewSchema schema, string name)
    {
        var column = schema.GetColumnOrNull(name) ?? throw Contracts.ExceptMissing("input", name);
        CheckType(column);
        return column;
    }

    public static void CheckType(DataViewSchema.Column column)
    {
        if (!Shapes.IsStandardScalar(column.Type.GetItemType()) && column.Type.GetItemType() is not KeyDataViewType)
            throw Contracts.ExceptMismatch("input", column.Name, "standard type or a vector of standard type", column.Type.ToString());
    }

    /// <summary>One pass over the data, ended early when every dictionary is full.</summary>
    public static KeyDictionary[] Learn(IHost host, IDataView data, ValueToKeyMappingEstimator.ColumnOptions[] columns, DataViewSchema.Column[] source)
    {
        foreach (var column in columns)
            Contracts.CheckParam(column.MaximumNumberOfKeys > 0, "MaxNumTerms", "Must be positive");
        var dictionaries = source.Select(c => KeyDictionary.Create(c.Type)).ToArray();
        using (var cursor = data.GetRowCursor(source.DistinctBy(c => c.Index).ToArray()))
        {
            var collectors = columns.Select((c, i) => dictionaries[i].MakeCollector(cursor, source[i], c.MaximumNumberOfKeys)).ToList();
            while (collectors.Count > 0 && cursor.MoveNext())
                collectors.RemoveAll(collect => !collect());
        }
        using (var channel = host.Start("Training"))
            for (int i = 0; i < columns.Length; i++)
                if (dictionaries[i].Count == 0)
                    channel.Warning(MessageSensitivity.Schema, "Term map for output column '{0}' contains no entries.", columns[i].OutputColumnName);
        Order(dictionaries, columns);
        return dictionaries;
    }

    /// <summary>The same dictionary for every column, whose types must agree with it.</summary>
    public static KeyDictionary[] FromKeyData(IHost host, IDataView keyData, ValueToKeyMappingEstimator.ColumnOptions[] columns, DataViewSchema.Column[] source)
    {
        var keys = keyData.Schema[0];
        if (!keys.Type.Equals(source[0].Type.GetItemType()))
            throw Contracts.ExceptParam(nameof(keyData), $"Input data's column must be of type '{source[0].Type.GetItemType()}' but was '{keys.Type}'");
        for (int i = 0; i < source.Length; i++)
            if (!keys.Type.Equals(source[i].Type.GetItemType()))
                throw Contracts.ExceptParam(nameof(keyData), $"Terms from input data type '{keys.Type}' but mismatches column " +
                    $"'{columns[i].OutputColumnName}' item type '{source[i].Type.GetItemType()}'");
        var dictionary = KeyDictionary.Create(keys.Type);
        using (var cursor = keyData.GetRowCursor(new[] { keys }))
        {
            var collect = dictionary.MakeCollector(cursor, keys, int.MaxValue);
            while (cursor.MoveNext() && collect())
            {
            }
        }
        if (dictionary.Count == 0)
            using (var channel = host.Start("Training"))
                channel.Warning(MessageSensitivity.None, "Map from the term data resulted in an empty map.");
        var all = Enumerable.Repeat(dictionary, columns.Length).ToArray();
        Order(all.Take(1).ToArray(), columns);
        return all;
    }

    private static void Order(KeyDictionary[] dictionaries, ValueToKeyMappingEstimator.ColumnOptions[] columns)
    {
        for (int i = 0; i < dictionaries.Length; i++)
            if (columns[i].KeyOrdinality == ValueToKeyMappingEstimator.KeyOrdinality.ByValue)
                dictionaries[i].Sort();
    }
}
