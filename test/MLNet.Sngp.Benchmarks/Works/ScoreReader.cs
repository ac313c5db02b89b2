using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Benchmarks.Works;

/// <summary>Goes through a scored table and reads Score and Variance of each row; Uncertainty where a model knows no variance.</summary>
/// <typeparam name="TVariance">The type of a row's variance.</typeparam>
internal sealed class ScoreReader<TVariance>
{
    private VBuffer<float> _score;
    private TVariance? _variance;

    /// <summary>The number of rows.</summary>
    public long Read(IDataView scored)
    {
        var columns = (Score: scored.Schema["Score"], Variance: scored.Schema.GetColumnOrNull("Variance") ?? scored.Schema["Uncertainty"]);
        using var cursor = scored.GetRowCursor([columns.Score, columns.Variance]);
        var getScore = cursor.GetGetter<VBuffer<float>>(columns.Score);
        var getVariance = cursor.GetGetter<TVariance>(columns.Variance);
        var rows = 0L;
        while (cursor.MoveNext())
        {
            getScore(ref _score);
            getVariance(ref _variance!);
            rows++;
        }
        return rows;
    }
}
