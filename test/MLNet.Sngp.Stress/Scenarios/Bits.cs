using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Stress.Scenarios;

/// <summary>Scored columns as the bits of their numbers, for comparisons that allow no difference.</summary>
internal static class Bits
{
    private static readonly string[] Vectors = ["Score", "Logits"];
    private static readonly string[] Numbers = ["Variance", "Uncertainty"];

    /// <summary>One array for each row, through one cursor.</summary>
    public static List<int[]> OfTable(IDataView scored)
    {
        using var cursor = scored.GetRowCursor(scored.Schema);
        return [.. OfCursor(cursor).Select(row => row.Bits)];
    }

    /// <summary>The same through several cursors, in the order of the positions that the rows have in the table.</summary>
    public static List<int[]> OfSet(IDataView scored, int cursors)
    {
        var set = scored.GetRowCursorSet(scored.Schema, cursors);
        var rows = set.AsParallel().WithDegreeOfParallelism(Math.Max(1, set.Length)).SelectMany(cursor =>
        {
            using (cursor)
                return OfCursor(cursor).ToList();
        });
        return [.. rows.OrderBy(row => row.Id).Select(row => row.Bits)];
    }

    public static int[] Of(Clusters.Prediction prediction) =>
        [(int)prediction.PredictedLabel, .. prediction.Score.Select(BitConverter.SingleToInt32Bits),
            BitConverter.SingleToInt32Bits(prediction.Variance), BitConverter.SingleToInt32Bits(prediction.Uncertainty)];

    /// <summary>Of a row of <see cref="OfTable"/>, what <see cref="Of"/> gives.</summary>
    public static int[] WithoutLogits(int[] row, int classes) => [.. row[..(1 + classes)], .. row[(1 + (2 * classes))..]];

    private static IEnumerable<(ulong Id, int[] Bits)> OfCursor(DataViewRowCursor cursor)
    {
        var id = cursor.GetIdGetter();
        var label = cursor.GetGetter<uint>(cursor.Schema["PredictedLabel"]);
        var vectors = Array.ConvertAll(Vectors, name => cursor.GetGetter<VBuffer<float>>(cursor.Schema[name]));
        var numbers = Array.ConvertAll(Numbers, name => cursor.GetGetter<float>(cursor.Schema[name]));
        VBuffer<float> vector = default;
        while (cursor.MoveNext())
        {
            DataViewRowId rowId = default;
            id(ref rowId);
            uint key = 0;
            label(ref key);
            var bits = new List<int> { (int)key };
            foreach (var getter in vectors)
            {
                getter(ref vector);
                bits.AddRange(vector.DenseValues().Select(BitConverter.SingleToInt32Bits));
            }
            foreach (var getter in numbers)
            {
                var number = 0f;
                getter(ref number);
                bits.Add(BitConverter.SingleToInt32Bits(number));
            }
            yield return (rowId.Low, [.. bits]);
        }
    }
}
