using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Updates;
using TorchSharp;

namespace MLNet.Sngp.Tests.Updates;

/// <summary>Rows that come in parts give the posterior of all of them, whatever the parts and their order.</summary>
[TestClass]
public class PartsTests
{
    private const double Tolerance = 1e-9;
    private const int Rows = 200;

    [TestMethod]
    [DataRow(LearningTask.Regression, 2)]
    [DataRow(LearningTask.Regression, 10)]
    [DataRow(LearningTask.Regression, 100)]
    [DataRow(LearningTask.Multiclass, 2)]
    [DataRow(LearningTask.Multiclass, 10)]
    [DataRow(LearningTask.Binary, 2)]
    public void PartsInAnyOrderAreThePosteriorOfTheWhole(LearningTask task, int parts)
    {
        var some = new UpdateCase(task);
        var whole = UpdateCase.State(some.Update(some.Model));
        foreach (var order in Orders(parts))
        {
            var model = order.Aggregate(some.Model, (known, part) => some.Update(known, Part(part, parts)));
            AssertSame(whole, UpdateCase.State(model), task == LearningTask.Regression);
        }
    }

    [TestMethod]
    [DataRow(2)]
    [DataRow(10)]
    [DataRow(100)]
    public void PartsMoveAClassifiersScoresByLittleOfWhatTheRowsDo(int parts)
    {
        var some = new UpdateCase(LearningTask.Multiclass, options => options.Training.NumberOfEpochs = 10);
        var (before, whole) = (Scores(some.Model), Scores(some.Update(some.Model)));
        var inParts = Enumerable.Range(0, parts).Aggregate(some.Model, (known, part) => some.Update(known, Part(part, parts)));
        Assert.IsLessThan(0.1 * UpdateCase.Difference(whole, before), UpdateCase.Difference(whole, Scores(inParts)));

        double[] Scores(SngpTransformer model) =>
            [.. model.Transform(some.New()).GetColumn<float[]>("Score").Select(scores => (double)scores[0])];
    }

    [TestMethod]
    [DataRow(LearningTask.Regression)]
    [DataRow(LearningTask.Multiclass)]
    public void MergedModelsHaveThePosteriorOfTheWhole(LearningTask task)
    {
        var some = new UpdateCase(task);
        SngpTransformer[] parts = [.. Enumerable.Range(0, 3).Select(part => some.Update(some.Model, Part(part, 3)))];
        var whole = UpdateCase.State(some.Update(some.Model));
        var merged = UpdateCase.State(some.Context.Sngp().Merge(parts));
        AssertSame(whole, merged, task == LearningTask.Regression);
        AssertSame(merged, UpdateCase.State(some.Context.Sngp().Merge([parts[2], some.Model, parts[0], parts[1]])), true);
        var joined = some.Context.Sngp().Merge([some.Context.Sngp().Merge(parts[..2]), parts[2]]);
        AssertSame(merged, UpdateCase.State(joined), true);
    }

    [TestMethod]
    [DataRow(LearningTask.Regression)]
    [DataRow(LearningTask.Binary)]
    public void ARowOfWeightThreeIsTheRowThreeTimes(LearningTask task)
    {
        var some = new UpdateCase(task);
        int[] which = [.. Enumerable.Range(0, 20)];
        var rows = some.New(which);
        var heavy = some.Context.Transforms.CustomMapping<NoWeight, Weighted>((_, row) => row.Weight = 3, null).Fit(rows).Transform(rows);
        var once = UpdateCase.State(some.Context.Sngp().Update(some.Model, heavy));
        var thrice = UpdateCase.State(some.Update(some.Model, [.. which, .. which, .. which]));
        AssertSame(thrice, once with { Added = once.Added! with { Rows = 60 } }, true);
    }

    [TestMethod]
    public void NothingIsLeftInNativeMemory()
    {
        var some = new UpdateCase(LearningTask.Multiclass);
        using (some.Update(some.Model))
        {
        }
        var before = LiveTensors.Count;
        using (var model = some.Update(some.Model))
        using (some.Context.Sngp().Merge([model, some.Model]))
        {
        }
        Assert.AreEqual(before, LiveTensors.Count);
    }

    private static void AssertSame(UpdatableState expected, UpdatableState actual, bool hasSameMean)
    {
        var (all, others) = (expected.All, actual.All);
        Assert.AreEqual(all.Rows, others.Rows);
        Assert.IsLessThan(Tolerance, UpdateCase.Difference(all.Triangle, others.Triangle));
        if (!hasSameMean)
            return;
        Assert.IsLessThan(Tolerance, UpdateCase.Difference(all.Products, others.Products));
        Assert.AreEqual(all.Squares, others.Squares, Tolerance * all.Squares);
        var (mean, noise) = Solve(all, expected.Ridge);
        var (otherMean, otherNoise) = Solve(others, actual.Ridge);
        Assert.IsLessThan(Tolerance, UpdateCase.Difference(mean, otherMean));
        Assert.AreEqual(noise, otherNoise, Tolerance * noise);
    }

    private static (double[] Mean, double Noise) Solve(RowSums sums, double ridge)
    {
        using var scope = torch.NewDisposeScope();
        var (mean, noise) = ModelUpdate.Solve(sums, sums.ToPosterior(ridge, () => { }));
        return (mean.contiguous().data<double>().ToArray(), noise ?? 0);
    }

    private static int[] Part(int part, int parts) => [.. Enumerable.Range(0, Rows).Where(row => row % parts == part)];

    private static IEnumerable<int[]> Orders(int parts)
    {
        int[] forward = [.. Enumerable.Range(0, parts)];
        yield return forward;
        if (parts <= 10)
            yield return [.. forward.Reverse()];
    }

    private sealed class NoWeight
    {
    }

    private sealed class Weighted
    {
        public float Weight { get; set; }
    }
}
