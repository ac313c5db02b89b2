using static MLNet.Sngp.Benchmarks.Comparison.GoalKind;

namespace MLNet.Sngp.Benchmarks.Comparison;

/// <summary>What is compared, and the goals.</summary>
internal static class RatioRows
{
    /// <param name="ours">The library.</param>
    /// <param name="torch">PyTorch; null when it is absent.</param>
    public static IReadOnlyList<RatioRow> Create(Contender ours, Contender? torch)
    {
        const string training = "train-sngp", plain = "train-plain", epoch = "epoch --rows 10000 --passes 3", longEpoch =
            "epoch --rows 100000";
        var rows = new List<RatioRow>();
        foreach (var setting in ThreadSetting.All)
        {
            Add("training, 100 epochs, 1,000 rows", setting, training, training, new Goal(1.5, AtLeastAsFast));
            Add("plain network, the same", setting, plain, plain, new Goal(1.2, AtLeastAsFast));
            Beside("training SNGP beside our own plain network", setting, training, plain, new Goal(1.7, AtMostAsSlow));
            Beside("a step's gradients beside automatic differentiation", setting, "step-sngp", "step-sngp-autograd",
                new Goal(1.3, AtLeastAsFast));
        }
        foreach (var setting in (ThreadSetting[])[ThreadSetting.Spinning, ThreadSetting.Sleeping])
        {
            Add("one epoch, 10,000 rows", setting, epoch, epoch, new Goal(1.3, AtLeastAsFast));
            Add("one epoch, 100,000 rows", setting, longEpoch, longEpoch, new Goal(1.3, AtLeastAsFast));
            Beside("100,000 rows beside our own 10,000", setting, longEpoch, epoch, new Goal(11, AtMostAsSlow));
        }
        var threads = ThreadSetting.Spinning;
        Add("scoring with variance, in bulk", threads, "score-sngp", "score-sngp", new Goal(3, AtLeastAsFast));
        Add("the same, full form", threads, "score-full", "score-sngp", new Goal(1.2, AtLeastAsFast));
        Add("scoring, plain network", threads, "score-plain", "score-plain", new Goal(1.2, AtLeastAsFast));
        Beside("scoring beside ML.NET's OnnxTransformer, same file", threads, "score-sngp", "score-stock --rows 4096",
            new Goal(8, AtLeastAsFast));
        Add("one row, prediction engine", threads, "row", "row", new Goal(0.06, AtMost));
        Add("grid of 10,000 points with variance", threads, "grid", "grid", new Goal(0.05, AtMost));
        Beside("training beside ML.NET's LightGBM", threads, training, "train-lightgbm", null);
        Beside("scoring beside ML.NET's LightGBM, in bulk", threads, "score-sngp", "score-lightgbm", null);
        Beside("one row beside ML.NET's LightGBM", threads, "row", "row-lightgbm", null);
        return rows;

        void Add(string title, ThreadSetting setting, string work, string peer, Goal? goal) =>
            rows.Add(new RatioRow(title, new Run(ours, setting, work), torch is null ? null : new Run(torch, setting, peer), goal));

        void Beside(string title, ThreadSetting setting, string work, string other, Goal? goal) =>
            rows.Add(new RatioRow(title, new Run(ours, setting, work), new Run(ours, setting, other), goal));
    }
}
