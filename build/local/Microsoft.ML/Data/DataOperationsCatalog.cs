using System;
using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML;

public sealed partial class DataOperationsCatalog
{
    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, SchemaDefinition schemaDefinition = null) where TRow : class
    {
        Contracts.CheckValue(data, nameof(data));
        return new EnumerableDataView<TRow>(_env, data, schemaDefinition);
    }

    public IDataView LoadFromEnumerable<TRow>(IEnumerable<TRow> data, DataViewSchema schema) where TRow : class
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckValue(schema, nameof(schema));
        return new EnumerableDataView<TRow>(_env, data, UserColumns.DefinitionFor(typeof(TRow), schema));
    }

    public IEnumerable<TRow> CreateEnumerable<TRow>(IDataView data, bool reuseRowObject, bool ignoreMissingColumns = false,
        SchemaDefinition schemaDefinition = null) where TRow : class, new()
    {
        Contracts.CheckValue(data, nameof(data));
        var filler = new RowFiller<TRow>(data.Schema, ignoreMissingColumns, schemaDefinition);
        return Rows(data, filler, reuseRowObject);
    }

    public IDataView Cache(IDataView input, params string[] columnsToPrefetch)
    {
        Contracts.CheckValue(input, nameof(input));
        foreach (var name in columnsToPrefetch ?? [])
            if (input.Schema.GetColumnOrNull(name) == null)
                throw Contracts.ExceptMissing("prefetch", name, nameof(columnsToPrefetch));
        return new CacheDataView(_env, input);
    }

    public IDataView ShuffleRows(IDataView input, int? seed = null, int shufflePoolSize = 1000, bool shuffleSource = true)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(shufflePoolSize > 0, nameof(shufflePoolSize), "Must be positive");
        return new ShuffledDataView(_env, input, seed, shufflePoolSize, shuffleSource);
    }

    public IDataView SkipRows(IDataView input, long count)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(count > 0, nameof(count), "Must be greater than zero.");
        return new SkipTakeDataView(_env, input, count, long.MaxValue);
    }

    public IDataView TakeRows(IDataView input, long count)
    {
        Contracts.CheckValue(input, nameof(input));
        Contracts.CheckParam(count > 0, nameof(count), "Must be greater than zero.");
        return new SkipTakeDataView(_env, input, 0, count);
    }

    public TrainTestData TrainTestSplit(IDataView data, double testFraction = 0.1, string samplingKeyColumnName = null, int? seed = null)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckParam(testFraction > 0 && testFraction < 1, nameof(testFraction), "Must be between 0 and 1 exclusive");
        var split = new DataSplit(_env, data, samplingKeyColumnName, seed);
        return new TrainTestData(split.Between(0, testFraction, false, complement: true), split.Between(0, testFraction, false, complement: false));
    }

    public IReadOnlyList<TrainTestData> CrossValidationSplit(IDataView data, int numberOfFolds = 5, string samplingKeyColumnName = null, int? seed = null)
    {
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckParam(numberOfFolds > 1, nameof(numberOfFolds), "Must be more than 1");
        return new DataSplit(_env, data, samplingKeyColumnName, seed).Folds(numberOfFolds).ToList();
    }

    public struct TrainTestData
    {
        public readonly IDataView TrainSet;
        public readonly IDataView TestSet;

        internal TrainTestData(IDataView trainSet, IDataView testSet)
        {
            TrainSet = trainSet;
            TestSet = testSet;
        }
    }

    private static IEnumerable<TRow> Rows<TRow>(IDataView data, RowFiller<TRow> filler, bool reuse) where TRow : class, new()
    {
        using var cursor = data.GetRowCursor(filler.Dependencies);
        var fill = filler.Bind(cursor);
        var row = new TRow();
        while (cursor.MoveNext())
        {
            if (!reuse)
                row = new TRow();
            fill(row);
            yield return row;
        }
    }
}
