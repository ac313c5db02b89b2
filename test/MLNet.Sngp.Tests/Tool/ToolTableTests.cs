using DuckDB.NET.Data;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Tool.Tables;

namespace MLNet.Sngp.Tests.Tool;

/// <summary>Tables that <c>sngp</c> reads, and those that it says no to.</summary>
[TestClass]
public class ToolTableTests
{
    [TestMethod]
    [DataRow("parquet")]
    [DataRow("jsonl")]
    [DataRow("tsv")]
    public void EveryFormatGivesTheColumnsOfTheCsvFile(string ending)
    {
        using var folder = new TemporaryFolder();
        var csv = ToolRun.WriteTable(folder);
        var other = folder.File("table." + ending);
        var format = ending switch { "parquet" => "FORMAT parquet", "jsonl" => "FORMAT json", _ => "FORMAT csv, DELIMITER '\t'" };
        using (var connection = TableFile.Open())
            TableFile.Query(connection, $"COPY (SELECT * FROM '{csv}') TO '{other}' ({format})", _ => { });
        CollectionAssert.AreEqual(ColumnPlanner.Plan(new TableFile(csv), []), ColumnPlanner.Plan(new TableFile(other), []));
    }

    [TestMethod]
    public void RegressionOfParquetMeasuresItsInterval()
    {
        using var folder = new TemporaryFolder();
        var csv = ToolRun.WriteTable(folder);
        var (table, model) = (folder.File("table.parquet"), folder.File("model.zip"));
        using (var connection = TableFile.Open())
            TableFile.Query(connection, $"COPY (SELECT * FROM '{csv}') TO '{table}' (FORMAT parquet)", _ => { });
        var run = ToolRun.Of("train", table, "--label", "size", "--regression", "--epochs", "20", "-o", model, "--json");
        Assert.AreEqual(0, run.Code, run.Error);
        // The label's standard deviation is 1.15.
        Assert.IsLessThan(1.0, run.Json.GetProperty("RMSE").GetDouble());
        var scored = folder.File("scored.csv");
        Assert.AreEqual(0, ToolRun.Of("score", model, table, "-o", scored).Code);
        Assert.EndsWith(",Score,Variance,NoiseVariance,Lower,Upper", File.ReadLines(scored).First());
    }

    [TestMethod]
    public void DecimalCommasQuotesAndAByteOrderMarkAreRead()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("table.csv");
        var rows = Enumerable.Range(0, 120).Select(i => $"{i % 7},5;\"word{i}\nword;{i}\";k{i % 2}");
        File.WriteAllText(path, "\uFEFFa;b;y\n" + string.Join('\n', rows) + "\n");
        var table = new TableFile(path);
        Assert.IsTrue(table.DecimalComma);
        var plan = ColumnPlanner.Plan(table, []);
        CollectionAssert.AreEqual(new[] { "a", "b", "y" }, plan.Select(column => column.Name).ToArray());
        Assert.AreEqual(ColumnUse.Number, plan[0].Kind);
        Assert.AreEqual(ColumnUse.Category, plan[2].Kind);
    }

    [TestMethod]
    public void TextsAndManyCategoriesAreTold()
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("table.csv");
        File.WriteAllLines(
            path, Enumerable.Range(0, 600).Select(i => $"c{i % 200},the film number {i} was seen,2").Prepend("many,text,same"));
        CollectionAssert.AreEqual(new[] { ColumnUse.HashedCategory, ColumnUse.Text, ColumnUse.LeftOut },
            ColumnPlanner.Plan(new TableFile(path), []).Select(column => column.Kind).ToArray());
    }

    [TestMethod]
    [DataRow("", "y", "the file is empty")]
    [DataRow("y\n1\n2\n", "y", "line 1: one column")]
    [DataRow("a,y\n1,p\n2,q\n", "z", "line 1: there is no column 'z'; there are 'a', 'y'")]
    [DataRow("a,y\n1,p\n2,p\n", "y", "column 'y': a label with one value")]
    [DataRow("a,y\n1,p\n2,q\n", "y", "2 rows with a label are too few")]
    [DataRow("a,Score\n1,p\n2,q\n", "Score", "line 1, column 'Score': a label cannot have this name")]
    [DataRow("a,b,y\n1,2,p\n2,3,q\n4\n5,6,q\n", "y", "line 4")]
    [DataRow("a,y\n1,p\n1,q\n", "y", "beside the label 'y' no column")]
    public void ATableThatTeachesNothingIsRefusedInOneSentence(string content, string label, string message)
    {
        using var folder = new TemporaryFolder();
        var path = folder.File("table.csv");
        File.WriteAllText(path, content);
        Refused(message, "train", path, "--label", label, "-o", folder.File("model.zip"));
        Assert.IsFalse(File.Exists(folder.File("model.zip")));
    }

    [TestMethod]
    public void ALabelOfTextsIsNoNumber()
    {
        using var folder = new TemporaryFolder();
        var table = ToolRun.WriteTable(folder);
        Refused("column 'kind': its values are no numbers, such as 'a'",
            "train", table, "--label", "kind", "--regression", "-o", folder.File("model.zip"));
    }

    [TestMethod]
    public void ForeignFilesAreNoModelsAndNoTables()
    {
        using var folder = new TemporaryFolder();
        var bytes = folder.File("bytes.csv");
        File.WriteAllBytes(bytes, [.. Enumerable.Range(0, 4000).Select(i => (byte)((i * 7919) >> 3))]);
        Refused("bytes.csv", "train", bytes, "--label", "y", "-o", folder.File("model.zip"));
        Refused("this is no model of sngp", "inspect", bytes);
        Refused("there is no such file", "inspect", folder.File("none.zip"));
    }

    [TestMethod]
    public void WrongArgumentsEndWithTwo()
    {
        var run = ToolRun.Of("train", "table.csv");
        Assert.AreEqual(2, run.Code);
        Assert.Contains("'--label' is required", run.Error);
        Assert.AreEqual("", run.Output);
    }

    private static void Refused(string message, params string[] arguments)
    {
        var run = ToolRun.Of(arguments);
        Assert.AreEqual(1, run.Code, run.Output);
        Assert.Contains(message, run.Error);
        Assert.HasCount(1, run.Error.TrimEnd().Split('\n'));
        Assert.AreEqual("", run.Output);
    }
}
