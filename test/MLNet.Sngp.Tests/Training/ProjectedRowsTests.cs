using MLNet.Sngp.Data;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Training;

[TestClass]
public class ProjectedRowsTests
{
    private const int Units = 8;

    [TestMethod]
    [DataRow(Units)]
    [DataRow(3 * Units)]
    public void WideRowsBecomeHiddenVectorsWithTheirLabelsAndWeights(int features)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (network, rows) = Setup(features);
        var expected = network.Hidden(tensor(Read(rows).Features.Span.ToArray()).view(-1, features));
        var projected = ProjectedRows.Of(Input(rows), network, new()).Rows;
        Assert.AreEqual(Units, projected.NumberOfFeatures);
        var actual = network.Hidden(tensor(Read(projected).Features.Span.ToArray()).view(-1, Units));
        Assert.IsTrue(allclose(expected, actual, rtol: 0, atol: 1e-5));
        CollectionAssert.AreEqual(Read(rows).Labels.Span.ToArray(), Read(projected).Labels.Span.ToArray());
        CollectionAssert.AreEqual(Read(rows).Weights!.Span.ToArray(), Read(projected).Weights!.Span.ToArray());
    }

    [TestMethod]
    public void NarrowRowsStayAsTheyAre()
    {
        using var scope = NewDisposeScope();
        var (network, rows) = Setup(Units - 1);
        Assert.AreSame(rows, ProjectedRows.Of(Input(rows), network, new()).Rows);
        Assert.IsFalse(network.Mlp().IsStarted);
    }

    private static TrainingInput Input(RowSource rows) => TestNetwork.Input(rows, 3);

    private static RowBatch Read(RowSource rows)
    {
        using var pass = rows.InOrder();
        var batch = new RowBatch(rows, (int)rows.NumberOfRows);
        Assert.AreEqual(rows.NumberOfRows, pass.Read(batch));
        return batch;
    }

    private static (Network Network, TrainingTable Rows) Setup(int features)
    {
        var random = new SeededRandom(1, RandomPurpose.RowOrder);
        var network = TestNetwork.Create(features, 2, Units, 3, new SngpOptions());
        var table = new TrainingTable(features, hasWeights: true, 20);
        for (var row = 0; row < 20; row++)
        {
            foreach (ref var value in table.NextRow())
                value = (float)random.NextGaussian();
            table.Keep(row % 3, row);
        }
        return (network, table);
    }
}
