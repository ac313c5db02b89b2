using System.Globalization;
using System.IO.Compression;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Tool;

/// <summary>The commands of <c>sngp</c> on a model of a small table.</summary>
[TestClass]
public class ToolModelTests
{
    private static TemporaryFolder _folder = null!;
    private static string _table = null!;
    private static string _model = null!;
    private static ToolRun _training = null!;

    [ClassInitialize]
    public static void Train(TestContext context)
    {
        _folder = new TemporaryFolder();
        _table = ToolRun.WriteTable(_folder);
        _model = _folder.File("model.zip");
        _training = ToolRun.Of("train", _table, "--label", "kind", "--ignore", "size", "--epochs", "10", "-o", _model, "--json");
    }

    [ClassCleanup]
    public static void Clean() => _folder.Dispose();

    [TestMethod]
    public void TrainSaysWhatItMadeOfEachColumnAndHowGoodItIs()
    {
        Assert.AreEqual(0, _training.Code, _training.Error);
        Assert.AreEqual("", _training.Error);
        var columns = _training.Json.GetProperty("column").EnumerateArray()
            .ToDictionary(column => column.GetProperty("name").GetString()!, column => column.GetProperty("becomes").GetString());
        CollectionAssert.AreEquivalent(
            new Dictionary<string, string?>
            {
                ["id"] = "left out", ["x"] = "number", ["side"] = "category", ["day"] = "date", ["size"] = "left out", ["kind"] = "label",
            }.ToList(), columns.ToList());
        Assert.AreEqual(200, Long(_training, "training rows") + Long(_training, "rows held back"));
        Assert.AreEqual(1, _training.Json.GetProperty("accuracy").GetDouble());
    }

    [TestMethod]
    public void ScoreWritesEveryRowWithItsPrediction()
    {
        var output = _folder.File("scored.csv");
        var run = ToolRun.Of("score", _model, _table, "-o", output, "--json");
        Assert.AreEqual(0, run.Code, run.Error);
        var lines = File.ReadAllLines(output);
        Assert.AreEqual("id,x,side,day,size,kind,PredictedLabel,Score.a,Score.b,Variance,Uncertainty", lines[0]);
        Assert.HasCount(201, lines);
        foreach (var (line, source) in lines.Skip(1).Zip(File.ReadLines(_table).Skip(1)))
        {
            var fields = line.Split(',');
            Assert.StartsWith(source + ",", line);
            Assert.AreEqual(fields[5], fields[6]);
            Assert.AreEqual(1, Number(fields[7]) + Number(fields[8]), 1e-5);
            Assert.IsGreaterThan(0, Number(fields[9]));
        }
        Assert.IsFalse(File.Exists(_folder.File("scored.rejected.csv")));
    }

    [TestMethod]
    public void RowsThatCannotBeScoredAreKeptBesideWithTheReason()
    {
        var bad = _folder.File("bad.csv");
        string[] broken = ["row900,wide,left,2024-01-01,1,a", "row901,1,left", "row902,inf,left,2024-01-01,1,a"];
        File.WriteAllLines(bad, File.ReadLines(_table).Take(30).Concat(broken).Concat(File.ReadLines(_table).Skip(30).Take(20)));
        var output = _folder.File("some.csv");
        var run = ToolRun.Of("score", _model, bad, "-o", output, "--json");
        Assert.AreEqual(3, run.Code, run.Error);
        Assert.AreEqual(49, Long(run, "rows scored"));
        Assert.AreEqual(3, Long(run, "rows rejected"));
        var rejected = File.ReadAllLines(_folder.File("some.rejected.csv"));
        Assert.HasCount(4, rejected);
        Assert.StartsWith("31,x,", rejected[1]);
        Assert.StartsWith("32,", rejected[2]);
        Assert.StartsWith(",x,", rejected[3]);
        for (var i = 0; i < broken.Length; i++)
            Assert.Contains(broken[i], rejected[i + 1]);
    }

    [TestMethod]
    public void OtherDelimitersAndMissingLabelsDoNotMatterToScore()
    {
        var semicolons = ToolRun.WriteTable(_folder, "semicolons.csv", ";");
        File.WriteAllLines(semicolons, File.ReadLines(semicolons).Select(line => line[..line.LastIndexOf(';')]).ToList());
        var output = _folder.File("unlabelled.csv");
        Assert.AreEqual(0, ToolRun.Of("score", _model, semicolons, "-o", output).Code);
        var both = _folder.File("labelled.csv");
        Assert.AreEqual(0, ToolRun.Of("score", _model, _table, "-o", both).Code);
        CollectionAssert.AreEqual(File.ReadLines(both).Select(line => line.Split(',')[^1]).ToList(),
            File.ReadLines(output).Select(line => line.Split(',')[^1]).ToList());
    }

    [TestMethod]
    public void EvaluateMeasuresWhatScoreWrites()
    {
        var far = _folder.File("far.csv");
        File.WriteAllLines(far, File.ReadLines(_table).Take(40).Select((line, i) => i == 0 ? line : $"f{i},{1000 + i},up,1900-01-01,1,"));
        var run = ToolRun.Of("evaluate", _model, _table, "--ood", far, "--json");
        Assert.AreEqual(0, run.Code, run.Error);
        Assert.AreEqual(200, Long(run, "rows"));
        Assert.AreEqual(1, run.Json.GetProperty("accuracy").GetDouble());
        Assert.AreEqual(39, Long(run, "out-of-domain rows"));
        Assert.IsGreaterThan(0.99, run.Json.GetProperty("AUROC").GetDouble());
    }

    [TestMethod]
    public void InspectShowsTheCardTheClassesAndTheOptions()
    {
        var run = ToolRun.Of("inspect", _model, "--json");
        Assert.AreEqual(0, run.Code, run.Error);
        CollectionAssert.AreEqual(
            new[] { "a", "b" }, run.Json.GetProperty("classes").EnumerateArray().Select(name => name.GetString()).ToArray());
        Assert.AreEqual(_training.Json.GetProperty("log-loss").GetDouble(), run.Json.GetProperty("log-loss").GetDouble());
        Assert.Contains("NumberOfEpochs\t10", ToolRun.Of("inspect", _model).Output);
    }

    [TestMethod]
    public void ExplainFindsTheColumnThatSaysAll()
    {
        var run = ToolRun.Of("explain", _model, _table, "--json");
        Assert.AreEqual(0, run.Code, run.Error);
        var importance = run.Json.GetProperty("importance").EnumerateArray().ToArray();
        Assert.AreEqual("side", importance[0].GetProperty("column").GetString());
        Assert.IsLessThan(-0.3, importance[0].GetProperty("change of accuracy").GetDouble());
        Assert.HasCount(3, importance);
    }

    [TestMethod]
    public void OnnxWritesThePipeline()
    {
        var path = _folder.File("model.onnx");
        var run = ToolRun.Of("onnx", _model, "-o", path);
        Assert.AreEqual(0, run.Code, run.Error);
        using var session = new Microsoft.ML.OnnxRuntime.InferenceSession(path);
        CollectionAssert.IsSubsetOf(new[] { "x", "side", "day" }, session.InputNames.ToArray());
    }

    [TestMethod]
    [DataRow("\"Format\":1", "\"Format\":2", "a newer version of sngp")]
    [DataRow("\"Label\":\"kind\"", "\"Label\":null", "this is no model of sngp")]
    [DataRow("DOUBLE", "DOUBLE'}); SELECT 1; --", "unknown type 'DOUBLE'}); SELECT 1; --'")]
    public void ACardThatCannotBeTrustedIsRefused(string from, string to, string message)
    {
        var path = _folder.File("other.zip");
        File.Copy(_model, path, overwrite: true);
        using (var archive = ZipFile.Open(path, ZipArchiveMode.Update))
        {
            var entry = archive.GetEntry("sngp-tool.json")!;
            string card;
            using (var reader = new StreamReader(entry.Open()))
                card = reader.ReadToEnd();
            Assert.Contains(from, card);
            entry.Delete();
            using var writer = new StreamWriter(archive.CreateEntry("sngp-tool.json").Open());
            writer.Write(card.Replace(from, to, StringComparison.Ordinal));
        }
        var run = ToolRun.Of("score", path, _table, "-o", _folder.File("refused.csv"));
        Assert.AreEqual(1, run.Code);
        Assert.Contains(message, run.Error);
    }

    [TestMethod]
    public void NoCommandWritesOverWhatItReads()
    {
        var (table, model) = (File.ReadAllText(_table), File.ReadAllBytes(_model));
        foreach (string[] arguments in (string[][])[
            ["score", _model, _table, "-o", _table], ["score", _model, _table, "-o", _model], ["onnx", _model, "-o", _model],
            ["train", _table, "--label", "kind", "-o", _table],
            ["train", _table, "--label", "kind", "-o", _folder.File("new.zip"), "--onnx", _table]])
        {
            var run = ToolRun.Of(arguments);
            Assert.AreEqual(1, run.Code, string.Join(' ', arguments));
            Assert.Contains("the output would replace what is read", run.Error);
        }
        Assert.AreEqual(table, File.ReadAllText(_table));
        CollectionAssert.AreEqual(model, File.ReadAllBytes(_model));
    }

    [TestMethod]
    public void AFileMayHaveANameThatLooksLikeAPattern()
    {
        var path = _folder.File("table [1] * it's.csv");
        File.Copy(_table, path);
        var run = ToolRun.Of("evaluate", _model, path, "--json");
        Assert.AreEqual(0, run.Code, run.Error);
        Assert.AreEqual(200, Long(run, "rows"));
    }

    [TestMethod]
    public void ACancelledRunSaysSo()
    {
        var output = _folder.File("cancelled.csv");
        Assert.AreEqual(130, ToolRun.Of(new CancellationToken(canceled: true), "score", _model, _table, "-o", output).Code);
    }

    private static long Long(ToolRun run, string name) => run.Json.GetProperty(name).GetInt64();

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);
}
