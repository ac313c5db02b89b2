namespace MLNet.Sngp.Tests.Backbones;

[TestClass]
public class HiddenUnitsTests
{
    [TestMethod]
    [DataRow(null, 7L, 128L)]
    [DataRow(null, 384L, 384L)]
    [DataRow(null, 784L, 512L)]
    [DataRow(20, 784L, 20L)]
    public void TheLayersAreAsWideAsTheRowsWithinBounds(int? given, long features, long expected) =>
        Assert.AreEqual(expected, new ResidualMlp { NumberOfHiddenUnits = given }.Check([features]));
}
