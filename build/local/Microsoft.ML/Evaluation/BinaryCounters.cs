using System;
using System.Collections.Generic;
using System.Linq;

namespace Microsoft.ML.Data;

/// <summary>Sums over the rows from which the binary metrics are made. A score above zero predicts the positive class.</summary>
internal sealed class BinaryCounters
{
    private readonly List<float> _positives = new();
    private readonly List<float> _negatives = new();
    private readonly List<(float Score, bool Positive)> _order = new();
    private double _logLoss, _probabilityPositives, _probabilityNegatives;

    public double TruePositives { get; private set; }
    public double TrueNegatives { get; private set; }
    public double FalsePositives { get; private set; }
    public double FalseNegatives { get; private set; }

    private double Rows => TruePositives + TrueNegatives + FalsePositives + FalseNegatives;
    private double Probabilities => _probabilityPositives + _probabilityNegatives;

    public double Accuracy => (TruePositives + TrueNegatives) / Rows;
    public double PositivePrecision => Share(TruePositives, FalsePositives);
    public double PositiveRecall => Share(TruePositives, FalseNegatives);
    public double NegativePrecision => Share(TrueNegatives, FalseNegatives);
    public double NegativeRecall => Share(TrueNegatives, FalsePositives);
    public double F1Score => PositivePrecision + PositiveRecall is var sum && sum == 0 ? 0 : 2 * PositivePrecision * PositiveRecall / sum;
    public double Entropy => EntropyOf((TruePositives + FalseNegatives) / Rows);
    public double LogLoss => double.IsNaN(_logLoss) ? double.NaN : Probabilities > 0 ? _logLoss / Probabilities : 0;

    public double LogLossReduction
    {
        get
        {
            if (Probabilities == 0)
                return 0;
            double prior = EntropyOf(_probabilityPositives / Probabilities);
            return (prior - _logLoss / Probabilities) / prior;
        }
    }

    /// <summary>The chance that a positive row scores above a negative one, ties counting half.</summary>
    public double AreaUnderRocCurve { get; private set; }

    public double AreaUnderPrecisionRecallCurve { get; private set; }

    public void Add(float label, float score, float probability)
    {
        bool positive = label > 0, predicted = score > 0;
        if (positive && predicted) TruePositives++;
        else if (positive) FalseNegatives++;
        else if (predicted) FalsePositives++;
        else TrueNegatives++;

        (positive ? _positives : _negatives).Add(score);
        _order.Add((score, positive));
        if (float.IsNaN(probability))
        {
            _logLoss = double.NaN;
            return;
        }
        if (positive) _probabilityPositives++;
        else _probabilityNegatives++;
        _logLoss -= Math.Log(positive ? probability : 1.0 - probability, 2);
    }

    public void Finish()
    {
        if (_positives.Count == 0)
            throw new ArgumentOutOfRangeException("PosSample", "AUC is not defined when there is no positive class in the data");
        if (_negatives.Count == 0)
            throw new ArgumentOutOfRangeException("NegSample", "AUC is not defined when there is no negative class in the data");
        AreaUnderRocCurve = ComputeRoc();
        AreaUnderPrecisionRecallCurve = ComputePrecisionRecall();
    }

    private double ComputeRoc()
    {
        double above = 0, wins = 0;
        foreach (var tie in _order.GroupBy(row => row.Score).OrderByDescending(group => group.Key))
        {
            double positives = tie.Count(row => row.Positive), negatives = tie.Count() - positives;
            wins += negatives * (above + 0.5 * positives);
            above += positives;
        }
        return wins / ((double)_positives.Count * _negatives.Count);
    }

    // Trapezes between successive positives, from the highest score down.
    private double ComputePrecisionRecall()
    {
        int hits = 0, misses = 0;
        double lastRecall = 0, lastPrecision = 1, area = 0;
        foreach (var row in _order.OrderByDescending(row => row.Score))
        {
            if (row.Positive) hits++;
            else misses++;
            double precision = (double)hits / (hits + misses);
            if (row.Positive)
            {
                double recall = (double)hits / _positives.Count;
                area += (recall - lastRecall) * (lastPrecision + precision) / 2;
                lastRecall = recall;
            }
            lastPrecision = precision;
        }
        return area;
    }

    private static double Share(double part, double rest) => part + rest > 0 ? part / (part + rest) : 0;

    private static double EntropyOf(double p) => p is 0 or 1 ? 0 : -p * Math.Log(p, 2) - (1 - p) * Math.Log(1 - p, 2);
}
