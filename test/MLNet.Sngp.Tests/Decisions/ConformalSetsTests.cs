using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Decisions;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Decisions;

[TestClass]
public sealed class ConformalSetsTests
{
    private readonly MLContext _ml = new(1);

    [TestMethod]
    [DataRow(0.8, 0.0, 5)]
    [DataRow(0.5, 0.2, 1)]
    [DataRow(0.95, 0.05, 2)]
    public void ASetHoldsTheClassesWhoseScoreIsAtMostTheQuantileOfTheTrueOnes(double coverage, double penalty, int unpenalized)
    {
        using var model = SmallModel.Transformer(_ml);
        var validation = model.Transform(Three(60));
        using var sets = _ml.Sngp().ConformalSets(coverage, penalty: penalty, unpenalizedClasses: unpenalized).Fit(validation);
        var scores = validation.GetColumn<float[]>("Score").Select(Scores).ToList();
        var labels = validation.GetColumn<uint>("Label").Select(key => (int)key - 1).ToList();
        var quantile = scores.Select((score, i) => score[labels[i]]).Order().ElementAt((int)Math.Ceiling((61 * coverage) - 1e-9) - 1);
        using var watching = _ml.Sngp().Novelty(1 / 61.0).Fit(sets.Transform(Three(60)));
        var fresh = watching.Transform(Three(90));
        var isNovel = new Queue<bool>(fresh.GetColumn<bool>("IsNovel"));
        foreach (var (probabilities, set, size) in fresh.GetColumn<float[]>("Score")
            .Zip(fresh.GetColumn<bool[]>("PredictionSet"), fresh.GetColumn<float>("SetSize")))
        {
            var score = Scores(probabilities);
            var all = isNovel.Dequeue();
            for (var k = 0; k < 3; k++)
            {
                if (all)
                    Assert.IsTrue(set[k]);
                else if (Math.Abs(score[k] - quantile) > 1e-4)
                    Assert.AreEqual(score[k] < quantile, set[k]);
            }
            Assert.IsTrue(set[Array.IndexOf(probabilities, probabilities.Max())]);
            Assert.AreEqual(set.Count(isIn => isIn), size);
        }

        double[] Scores(float[] probabilities) => Array.ConvertAll(probabilities, p =>
        {
            var before = probabilities.Where(other => other > p).ToList();
            return before.Sum(other => (double)other) + (penalty * Math.Max(0, before.Count + 1 - unpenalized));
        });
    }

    [TestMethod]
    public void OfEachClassItsOwnRowsCount()
    {
        using var model = SmallModel.Transformer(_ml);
        using var sets = _ml.Sngp().ConformalSets(0.75, perClass: true).Fit(model.Transform(Three(90)));
        var scored = sets.Transform(Three(90));
        foreach (var rows in scored.GetColumn<uint>("Label").Zip(scored.GetColumn<bool[]>("PredictionSet")).GroupBy(row => row.First))
        {
            // ⌈31·0.75⌉ of 30.
            Assert.IsGreaterThanOrEqualTo(24, rows.Count(row => row.Second[(int)row.First - 1]));
        }
        var error = Assert.ThrowsExactly<InvalidOperationException>(
            () => _ml.Sngp().ConformalSets(0.9, perClass: true).Fit(model.Transform(Three(26))));
        Assert.Contains("8 validation rows of the class 'blue' do not suffice for the coverage 0.9", error.Message);
        Assert.Contains("at least 9", error.Message);
    }

    [TestMethod]
    public void ARowFarOutsideMayBeAnythingEvenWhereTheModelIsRightMoreOftenThanAsked()
    {
        using var model = _ml.Sngp().Multiclass(TwoClusters.QuickOptions(epochs: 20)).Fit(TwoClusters.Load(_ml, TwoClusters.Rows(200)));
        using var sets = _ml.Sngp().ConformalSets(0.5).Fit(model.Transform(TwoClusters.Load(_ml, TwoClusters.Rows(300, seed: 5))));
        var far =
            sets.Transform(_ml.Data.LoadFromEnumerable([new TwoClusters.Row { Features = [30, -30] }, new() { Features = [30, 30] }]));
        CollectionAssert.AreEqual(new[] { 2f, 2f }, far.GetColumn<float>("SetSize").ToArray());
        var near = sets.Transform(TwoClusters.Load(_ml, TwoClusters.Rows(100, seed: 6)));
        Assert.IsLessThan(1.1f, near.GetColumn<float>("SetSize").Average());
    }

    [TestMethod]
    public void SlotsAreNamedAsTheClassesAndARowWithNaNMayBeAnything()
    {
        using var model = SmallModel.Transformer(_ml);
        using var sets = _ml.Sngp().ConformalSets(0.5).Fit(model.Transform(Three(60)));
        var scored = sets.Transform(_ml.Data.LoadFromEnumerable([new SampleRow { Features = [float.NaN, 0, 0] }]));
        CollectionAssert.AreEqual(new[] { true, true, true }, scored.GetColumn<bool[]>("PredictionSet").Single());
        Assert.AreEqual(3f, scored.GetColumn<float>("SetSize").Single());
        VBuffer<ReadOnlyMemory<char>> names = default;
        scored.Schema["PredictionSet"].GetSlotNames(ref names);
        CollectionAssert.AreEqual(SmallModel.ThreeLabels.Names.ToArray(), names.DenseValues().Select(name => name.ToString()).ToArray());
    }

    [TestMethod]
    public void ABinaryModelHasSetsOfFalseAndTrue()
    {
        using var model = TwoClasses.Train(_ml);
        var validation = TwoClasses.Load(_ml, 200, seed: 5);
        using var sets = _ml.Sngp().ConformalSets(0.9, perClass: true).Fit(model.Transform(validation));
        var scored = sets.Transform(validation);
        var covered = scored.GetColumn<bool>("Label").Zip(scored.GetColumn<bool[]>("PredictionSet"))
            .Count(row => row.Second[row.First ? 1 : 0]);
        Assert.IsGreaterThanOrEqualTo(180, covered);
        Assert.AreEqual(2, ((VectorDataViewType)scored.Schema["PredictionSet"].Type).Size);
    }

    [TestMethod]
    [DataRow(19, 0.8)]
    [DataRow(50, 0.9)]
    [DataRow(200, 0.99)]
    public void TheQuantileCoversNewScoresAsOftenAsAsked(int rows, double coverage)
    {
        const int Draws = 2000;
        var random = new Random(29);
        var covered = Enumerable.Range(0, Draws).Sum(_ =>
        {
            var quantile = ConformalQuantile.Of([.. Enumerable.Range(0, rows).Select(_ => random.NextSingle())], coverage, "coverage");
            return (double)quantile;
        });
        // Of uniform scores the quantile is its own coverage, with the deviation √(c(1 − c)/n) a draw.
        var rank = Math.Ceiling((rows + 1) * coverage) / (rows + 1);
        Assert.AreEqual(rank, covered / Draws, 3.5 * Math.Sqrt(coverage * (1 - coverage) / rows / Draws));
    }

    [TestMethod]
    public void WrongArgumentsAreRefused()
    {
        foreach (var coverage in (double[])[0, 1, double.NaN])
            Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Sngp().ConformalSets(coverage));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Sngp().ConformalSets(penalty: -1));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Sngp().ConformalSets(penalty: double.NaN));
        Assert.ThrowsExactly<ArgumentOutOfRangeException>(() => _ml.Sngp().ConformalSets(unpenalizedClasses: 0));
        Assert.ThrowsExactly<ArgumentException>(() => _ml.Sngp().ConformalSets(labelColumnName: ""));
        using var model = SmallModel.Transformer(_ml);
        var error = Assert.ThrowsExactly<InvalidOperationException>(() => _ml.Sngp().ConformalSets(0.99).Fit(model.Transform(Three(98))));
        Assert.Contains("at least 99", error.Message);
        Assert.Contains("0.9898 at most", error.Message);
    }

    private IDataView Three(int count)
    {
        var keys = _ml.Data.LoadFromEnumerable(SmallModel.ThreeLabels.Names.Select(name => new { Label = name }));
        var data = SampleTable.Create(_ml, count);
        return _ml.Transforms.Conversion.MapValueToKey("Label", keyData: keys).Fit(data).Transform(data);
    }
}
