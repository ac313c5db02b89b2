using System;
using System.Collections.Generic;
using System.Linq;
using System.Numerics;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Puts a value, fixed or learnt, where NaN stands.</summary>
public sealed class MissingValueReplacingEstimator : IEstimator<MissingValueReplacingTransformer>
{
    public enum ReplacementMode : byte
    {
        DefaultValue = 0,
        Mean = 1,
        Minimum = 2,
        Maximum = 3,
        Mode = 5,
    }

    private readonly IHost _host;
    private readonly (string Output, string Input)[] _columns;
    private readonly ReplacementMode _mode;
    private readonly bool _bySlot;

    internal MissingValueReplacingEstimator(IHostEnvironment env, (string, string)[] columns, ReplacementMode mode, bool imputeBySlot)
    {
        Contracts.CheckValue(env, nameof(env));
        _host = env.Register(nameof(MissingValueReplacingEstimator));
        _columns = columns;
        _mode = mode;
        _bySlot = imputeBySlot;
    }

    public MissingValueReplacingTransformer Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        var source = _columns.Select(c => input.Schema.GetColumnOrNull(c.Input) ?? throw Contracts.ExceptMissing("input", c.Input)).ToArray();
        foreach (var column in source)
            CheckType(column.Type.GetItemType());
        var learners = new (Action Read, Func<Array> Finish)[source.Length];
        using (var cursor = input.GetRowCursor(_mode == ReplacementMode.DefaultValue ? Array.Empty<DataViewSchema.Column>() : source.DistinctBy(c => c.Index).ToArray()))
        {
            for (int i = 0; i < source.Length; i++)
                learners[i] = source[i].Type.GetItemType().RawType == typeof(float) ? Learner<float>(cursor, source[i]) : Learner<double>(cursor, source[i]);
            while (_mode != ReplacementMode.DefaultValue && cursor.MoveNext())
                foreach (var (read, _) in learners)
                    read();
        }
        return new MissingValueReplacingTransformer(_host, _columns, source.Select(c => c.Type).ToArray(), learners.Select(l => l.Finish()).ToArray());
    }

    // One statistic for the column, or one for each slot.
    private (Action, Func<Array>) Learner<T>(DataViewRow row, DataViewSchema.Column column) where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (_mode == ReplacementMode.DefaultValue)
            return (() => { }, () => new T[1]);
        bool bySlot = _bySlot && column.Type is VectorDataViewType { IsKnownSize: true };
        var statistics = Enumerable.Range(0, bySlot ? column.Type.GetValueCount() : 1).Select(_ => new ReplacementStatistic<T>(_mode)).ToArray();
        long rows = 0, values = 0;
        Func<Array> finish = () => statistics.Select(s => s.Finish(bySlot ? rows : values, Warn)).ToArray();
        if (column.Type is not VectorDataViewType)
        {
            var getOne = row.GetGetter<T>(column);
            T value = default;
            return (() =>
            {
                getOne(ref value);
                values++;
                statistics[0].Add(value);
            }, finish);
        }
        var get = row.GetGetter<VBuffer<T>>(column);
        var vector = default(VBuffer<T>);
        return (() =>
        {
            get(ref vector);
            rows++;
            values += vector.Length;
            foreach (var (slot, value) in vector.Items())
                statistics[bySlot ? slot : 0].Add(value);
        }, finish);
    }

    private void Warn()
    {
        using var channel = _host.Start("Computing Statistics");
        channel.Warning(MessageSensitivity.None, "All values in this column are NAs, using default value for imputation");
    }

    internal static void CheckType(DataViewType type) => Contracts.CheckParam(type.Equals(NumberDataViewType.Single) || type.Equals(NumberDataViewType.Double),
        "inputSchema", $"Type '{type}' is not supported by NAReplaceTransform since it doesn't have an NA value");

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        Contracts.CheckValue(inputSchema, nameof(inputSchema));
        var result = inputSchema.ToDictionary(c => c.Name);
        foreach (var (output, input) in _columns)
        {
            var column = Shapes.Find(inputSchema, input);
            CheckType(column.ItemType);
            var annotations = new List<SchemaShape.Column>();
            foreach (var kind in new[] { AnnotationKinds.SlotNames, AnnotationKinds.IsNormalized })
                if (column.Annotations.TryFindColumn(kind, out var annotation))
                    annotations.Add(annotation);
            result[output] = new SchemaShape.Column(output, column.Kind, column.ItemType, false, new SchemaShape(annotations));
        }
        return new SchemaShape(result.Values);
    }
}
