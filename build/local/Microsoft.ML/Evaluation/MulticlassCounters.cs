using System;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>Sums over the rows from which the multiclass metrics are made.</summary>
internal sealed class MulticlassCounters
{
    private const float SmallestProbability = 1e-15f;
    private readonly int _classes;
    private readonly double[] _rowsOfClass;
    private readonly double[] _lossOfClass;
    private readonly double[] _ranks;
    private readonly double[][] _confusion;
    private double _rows, _loss, _correct;

    public MulticlassCounters(int classes)
    {
        _classes = classes;
        _rowsOfClass = new double[classes];
        _lossOfClass = new double[classes];
        // One rank more than there are classes, for labels that the model does not know.
        _ranks = new double[classes + 1];
        _confusion = Enumerable.Range(0, classes).Select(_ => new double[classes]).ToArray();
    }

    public void Add(int label, float[] scores)
    {
        bool known = label < _classes;
        float own = known ? scores[label] : 0;
        double loss = -Math.Log(known ? Math.Min(1, Math.Max(SmallestProbability, own)) : SmallestProbability);
        int rank = 0, predicted = 0;
        for (int i = 0; i < _classes; i++)
        {
            // Among equal scores the class that comes first ranks first.
            if (scores[i] > own || (scores[i] == own && i < label))
                rank++;
            if (scores[predicted] < scores[i])
                predicted = i;
        }
        _rows++;
        _loss += loss;
        _ranks[rank]++;
        if (rank == 0)
            _correct++;
        if (!known)
            return;
        _rowsOfClass[label]++;
        _lossOfClass[label] += loss;
        _confusion[label][rank == 0 ? label : predicted]++;
    }

    public MulticlassClassificationMetrics ToMetrics(int topK, ReadOnlyMemory<char>[] names)
    {
        double logLoss = _rows > 0 ? _loss / _rows : 0;
        var perClass = _lossOfClass.Select((loss, i) => _rowsOfClass[i] > 0 ? loss / _rowsOfClass[i] : 0).ToArray();
        double[] top = null;
        if (topK > 0)
        {
            double sum = 0;
            top = _ranks.Take(topK).Select(count => sum += count / _rows).ToArray();
            if (top.Length < topK)
                throw new IndexOutOfRangeException("Index was outside the bounds of the array.");
        }
        return new MulticlassClassificationMetrics(logLoss, Reduction(logLoss), MacroAccuracy(),
            _rows > 0 ? _correct / _rows : 0, topK, top, perClass, new ConfusionMatrix(_confusion, names, binary: false));
    }

    // The share of the labels' own entropy that the scores take away.
    private double Reduction(double logLoss)
    {
        double entropy = _rowsOfClass.Where(n => n != 0).Sum(n => n * Math.Log(n / _rows)) / -_rows;
        return (entropy - logLoss) / entropy;
    }

    private double MacroAccuracy()
    {
        var seen = Enumerable.Range(0, _classes).Where(i => _rowsOfClass[i] > 0).ToArray();
        return seen.Length == 0 ? 0 : seen.Sum(i => _confusion[i][i] / _rowsOfClass[i]) / seen.Length;
    }
}
