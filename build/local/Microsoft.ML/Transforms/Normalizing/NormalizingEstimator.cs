using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Learns from the data how to scale, and perhaps shift, each slot of a column.</summary>
public sealed class NormalizingEstimator : IEstimator<NormalizingTransformer>
{
    internal enum Mode { MinMax, MeanVariance, Cdf }

    /// <summary>What to do for one column.</summary>
    internal sealed record ColumnOptions(string Name, string InputColumnName, Mode Mode, long MaximumExampleCount, bool FixZero);

    private readonly IHost _host;
    private readonly ColumnOptions[] _columns;

    internal NormalizingEstimator(IHostEnvironment env, params ColumnOptions[] columns)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register(nameof(NormalizingEstimator));
        foreach (var column in columns)
        {
            Contracts.CheckNonEmpty(column.Name, "name");
            Contracts.CheckNonEmpty(column.InputColumnName, "inputColumnName");
            Contracts.CheckParam(column.MaximumExampleCount > 1, "maximumExampleCount", "Must be greater than 1");
        }
        _columns = columns;
    }

    public NormalizingTransformer Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        var source = _columns.Select(c => input.Schema.GetColumnOrNull(c.InputColumnName)
            ?? throw Contracts.ExceptMissing("input", c.InputColumnName, "data")).ToArray();
        var functions = new ColumnFunction[_columns.Length];
        using (var cursor = input.GetRowCursor(source.DistinctBy(c => c.Index).ToArray()))
        {
            var learners = _columns.Select((c, i) => Learner(c, cursor, source[i])).ToArray();
            bool more = true;
            while (more && cursor.MoveNext())
            {
                more = false;
                foreach (var (read, _) in learners)
                    more |= read();
            }
            for (int i = 0; i < functions.Length; i++)
                functions[i] = learners[i].Finish();
        }
        return new NormalizingTransformer(_host, _columns.Select((c, i) => (c.Name, c.InputColumnName, source[i].Type, functions[i])).ToArray());
    }

    private static (Func<bool> Read, Func<ColumnFunction> Finish) Learner(ColumnOptions options, DataViewRow row, DataViewSchema.Column column)
    {
        var item = column.Type.GetItemType();
        if (column.Type is not VectorDataViewType { IsKnownSize: false })
        {
            if (item.Equals(NumberDataViewType.Single))
                return Learner<float>(options, row, column);
            if (item.Equals(NumberDataViewType.Double))
                return Learner<double>(options, row, column);
        }
        throw Contracts.ExceptParam("srcType",
            $"Wrong column type for input column. Expected: Single, Double, Vector of Single or Vector of Double. Got: {column.Type}.");
    }

    private static (Func<bool>, Func<ColumnFunction>) Learner<T>(ColumnOptions options, DataViewRow row, DataViewSchema.Column column)
        where T : struct, IBinaryFloatingPointIeee754<T>
    {
        bool vector = column.Type is VectorDataViewType;
        int slots = column.Type.GetValueCount();
        NormalizerStatistics<T> statistics = options.Mode == Mode.MinMax
            ? new RangeStatistics<T>(slots, options.FixZero)
            : new MomentStatistics<T>(slots, options.FixZero, options.Mode == Mode.Cdf);
        var get = vector ? row.GetGetter<VBuffer<T>>(column) : OneSlot(row.GetGetter<T>(column));
        var values = default(VBuffer<T>);
        long left = options.MaximumExampleCount;
        return (() =>
        {
            if (left == 0)
                return false;
            left--;
            get(ref values);
            statistics.Add(values);
            return true;
        }, () => statistics.Finish(vector));
    }

    private static ValueGetter<VBuffer<T>> OneSlot<T>(ValueGetter<T> get)
    {
        var value = new T[1];
        return (ref VBuffer<T> result) =>
        {
            get(ref value[0]);
            result = new VBuffer<T>(1, value);
        };
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(c => c.Name);
        foreach (var info in _columns)
        {
            var column = Shapes.Find(inputSchema, info.InputColumnName);
            if (column.Kind == SchemaShape.Column.VectorKind.VariableVector)
                throw Contracts.ExceptMismatch("input", info.InputColumnName, "known-size vector or scalar", column.GetTypeString());
            if (!column.ItemType.Equals(NumberDataViewType.Single) && !column.ItemType.Equals(NumberDataViewType.Double))
                throw Contracts.ExceptMismatch("input", info.InputColumnName, "vector or scalar of Single or Double", column.GetTypeString());
            var annotations = new List<SchemaShape.Column>
            {
                new(AnnotationKinds.IsNormalized, SchemaShape.Column.VectorKind.Scalar, BooleanDataViewType.Instance, false),
            };
            if (column.Annotations.TryFindColumn(AnnotationKinds.SlotNames, out var names))
                annotations.Add(names);
            result[info.Name] = new SchemaShape.Column(info.Name, column.Kind, column.ItemType, column.IsKey, new SchemaShape(annotations));
        }
        return new SchemaShape(result.Values);
    }
}
