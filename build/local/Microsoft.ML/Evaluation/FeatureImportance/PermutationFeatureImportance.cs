using System;
using System.Collections.Generic;
using System.Collections.Immutable;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>How much metrics change when one slot of the features is shuffled over the rows.</summary>
internal static class PermutationFeatureImportance
{
    public static ImmutableArray<TResult> Compute<TMetrics, TResult>(IHostEnvironment env, ITransformer model, IDataView data, string features,
        Func<TResult> makeResult, Func<IDataView, TMetrics> evaluate, int permutationCount, int? numberOfExamplesToUse)
        where TResult : IMetricsStatistics<TMetrics>
    {
        Contracts.CheckValue(model, nameof(model));
        Contracts.CheckValue(data, nameof(data));
        Contracts.CheckNonEmpty(features, nameof(features));
        int most = numberOfExamplesToUse ?? Array.MaxLength;
        Contracts.Check(most > 0, "Provide how many examples to use (positive number) or set to null to use whole dataset.");
        var host = env.Register("PermutationFeatureImportance");
        var baseline = evaluate(model.Transform(data));
        var column = data.Schema[features];
        int slots = column.Type is VectorDataViewType vector ? vector.Size : 0;
        var results = ImmutableArray.CreateBuilder<TResult>();
        var random = RandomUtils.Create(host.Rand.Next());
        for (int slot = 0; slot < slots; slot++)
        {
            var values = ReadSlot(data, column, slot, most);
            if (values.Length == 0)
            {
                using var channel = host.Start("GetImportanceMetrics");
                channel.Warning(MessageSensitivity.None, "Detected no examples for evaluation.");
                return ImmutableArray<TResult>.Empty;
            }
            var result = makeResult();
            for (int i = 0; i < permutationCount; i++)
            {
                Shuffle(random, values);
                IDataView permuted = new PermutedDataView(data, column, slot, values, values.Length == most ? values.Length : null);
                result.Add(evaluate(model.Transform(permuted)), baseline);
            }
            results.Add(result);
        }
        return results.ToImmutable();
    }

    private static float[] ReadSlot(IDataView data, DataViewSchema.Column column, int slot, int most)
    {
        var values = new List<float>();
        using var cursor = data.GetRowCursor(new[] { column });
        var get = cursor.GetGetter<VBuffer<float>>(column);
        var row = default(VBuffer<float>);
        while (values.Count < most && cursor.MoveNext())
        {
            get(ref row);
            values.Add(row.GetItemOrDefault(slot));
        }
        return values.ToArray();
    }

    private static void Shuffle(Random random, float[] values)
    {
        for (int i = 0; i < values.Length; i++)
        {
            int other = i + random.Next(values.Length - i);
            (values[i], values[other]) = (values[other], values[i]);
        }
    }
}
