using System.IO.Compression;
using System.Text;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Persistence;
using MLNet.Sngp.Tests.Contracts;
using MLNet.Sngp.Tests.Model;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests.Persistence;

[TestClass]
public sealed class ModelZipTests
{
    private readonly MLContext _context = new(seed: 1);

    public static IEnumerable<object[]> EveryKind => ClassLabelsTests.EveryKind;

    [TestMethod]
    [DynamicData(nameof(EveryKind))]
    public void EveryKindOfLabelComesBack(ClassLabels labels, string json)
    {
        using var transformer = SmallModel.Transformer(_context, labels);
        CheckBothLoaders(transformer, SampleTable.Create(_context, 20));
        Assert.IsNotNull(json);
    }

    [TestMethod]
    public void AVarianceForEachClassComesBack()
    {
        using var transformer = new SngpTransformer(_context, SmallModel.Create(variancePerClass: true));
        CheckBothLoaders(transformer, SampleTable.Create(_context, 20));
    }

    [TestMethod]
    public void ABinaryModelComesBack()
    {
        using var transformer = new SngpTransformer(_context, SmallBinaryModel.Create());
        CheckBothLoaders(transformer, SampleTable.Create(_context, 20));
    }

    [TestMethod]
    public void AChainWithOursInTheMiddleComesBack()
    {
        var table = SampleTable.Create(_context, 60);
        var before = _context.Transforms.Conversion.MapValueToKey("Label").Fit(table);
        var ours = SmallModel.Transformer(_context);
        var scored = ours.Transform(before.Transform(table));
        var after = _context.Transforms.Conversion.MapKeyToValue("PredictedLabel").Fit(scored);
        using var chain = new TransformerChain<ITransformer>(before, ours, after);
        CheckBothLoaders(chain, table);
    }

    [TestMethod]
    public void NestedAndSeveralModelsComeBackInTheirPlaces()
    {
        var table = SampleTable.Create(_context, 30);
        var first = SmallModel.Transformer(_context);
        var second = SmallModel.Transformer(_context, ClassLabels.Of(true, false));
        var copy = _context.Transforms.CopyColumns("FirstScore", "Score").Fit(first.Transform(table));
        using var chain = new TransformerChain<ITransformer>(new TransformerChain<ITransformer>(first, copy), second);
        var loaded = CheckBothLoaders(chain, table);
        var inner = (TransformerChain<ITransformer>)loaded.First();
        CollectionAssert.AreEqual(first.Model.OnnxBytes, ((SngpTransformer)inner.First()).Model.OnnxBytes);
        CollectionAssert.AreEqual(second.Model.OnnxBytes, ((SngpTransformer)loaded.Last()).Model.OnnxBytes);
    }

    [TestMethod]
    public void ScopesOfAChainAreKept()
    {
        var table = SampleTable.Create(_context, 3);
        var copy = _context.Transforms.CopyColumns("Copy", "Id").Fit(table);
        using var chain = new TransformerChain<ITransformer>([copy, SmallModel.Transformer(_context)],
            [TransformerScope.TrainTest, TransformerScope.Everything]);
        var loaded = (TransformerChain<ITransformer>)_context.Sngp().Load(Save(chain, table.Schema), out _);
        Assert.HasCount(1, loaded.GetModelFor(TransformerScope.Scoring).ToList());
        Assert.HasCount(2, loaded.GetModelFor(TransformerScope.Testing).ToList());
    }

    [TestMethod]
    public void AMissingLabelStaysMissingInEveryForm()
    {
        foreach (
            var labels in new[] { ClassLabels.Of(true, false), ClassLabels.Of("a", "b"), ClassLabels.WithoutValues(2),
            ClassLabels.Of(0, 1) })
        {
            using var transformer = SmallModel.Transformer(_context, labels);
            var rows = SampleTable.Rows(4);
            rows[1].Features[0] = float.NaN;
            CheckBothLoaders(transformer, _context.Data.LoadFromEnumerable(rows));
        }
    }

    [TestMethod]
    public void TheRowwiseGraphGoesThereAndBackByteForByte()
    {
        var model = SmallModel.Create();
        CollectionAssert.AreEqual(model.OnnxBytes, RowwiseGraph.TryRestore(RowwiseGraph.Create(model)));
        Assert.IsNull(RowwiseGraph.TryRestore(model.OnnxBytes));
    }

    [TestMethod]
    public void AFileWithoutAModelOfOursIsLoadedPlainlyWithAWarning()
    {
        var table = SampleTable.Create(_context, 3);
        var messages = new List<string>();
        _context.Log += (_, message) => messages.Add($"{message.Kind} {message.Message}");
        var loaded = _context.Sngp().Load(Save(_context.Transforms.CopyColumns("Copy", "Id").Fit(table), table.Schema), out var schema);
        Assert.AreEqual(table.Schema.Count, schema.Count);
        Assert.IsNotNull(loaded.Transform(table).Schema.GetColumnOrNull("Copy"));
        Assert.IsTrue(messages.Exists(
            message => message.Contains("Warning", StringComparison.Ordinal)
            && message.Contains("no model of MLNet.Sngp", StringComparison.Ordinal)));
    }

    [TestMethod]
    public void NoTemporaryFileStaysBehind()
    {
        using var transformer = SmallModel.Transformer(_context);
        Save(transformer, SampleTable.Create(_context, 1).Schema);
        Assert.IsEmpty(Directory.EnumerateFiles(Path.GetTempPath(), "mlnet-sngp-*.onnx"));
    }

    [TestMethod]
    [DataRow(false)]
    [DataRow(true)]
    public void TemporaryFilesAreMadeWhereTheContextSays(bool trained)
    {
        using var folder = new TemporaryFolder();
        var rows = TwoClusters.Load(_context, TwoClusters.Rows(30));
        using SngpTransformer transformer = trained
            ? _context.Sngp().Multiclass(TwoClusters.QuickOptions()).Fit(rows)
            : SmallModel.Transformer(_context);
        _context.TempFilePath = folder.Path;
        var seen = 0;
        using var stream = new ObservedStream(() => seen += Directory.EnumerateFiles(folder.Path, "mlnet-sngp-*.onnx").Count());
        _context.Model.Save(transformer, rows.Schema, stream);
        Assert.IsGreaterThan(0, seen);
        Assert.IsEmpty(folder.Files());
    }

    [TestMethod]
    public void DamagedAndForeignFilesAreRefused()
    {
        using var transformer = SmallModel.Transformer(_context);
        var good = Save(transformer, SampleTable.Create(_context, 1).Schema).ToArray();
        Refuse([]);
        Refuse("not a zip file"u8.ToArray());
        Refuse(good[..(good.Length / 2)]);
        Refuse(Rewrite(good, (name, bytes) => name.EndsWith("OnnxModel", StringComparison.Ordinal) ? bytes[..100] : bytes), "ends after");
        Refuse(Rewrite(good, (name, bytes) => name.EndsWith("OnnxModel", StringComparison.Ordinal)
            ? [0xFF, 0xFF, 0xFF, 0x7F, .. bytes[4..]]
            : bytes), "cannot be");
        Refuse(Rewrite(good, (name, bytes) => name.EndsWith("OnnxModel", StringComparison.Ordinal)
            ? [.. bytes[..4], .. new byte[bytes.Length - 4]] : bytes), "not an ONNX model");
        Refuse(Rewrite(good, (name, bytes) => name.EndsWith("Model.key", StringComparison.Ordinal) ? bytes[..^8] : bytes));
        Refuse(Rewrite(good, (_, bytes) => bytes, "../../outside"), "points outside");
        Refuse(Rewrite(good, (_, bytes) => bytes, "bomb", new byte[64 << 20]), "unpacks to more");
        Refuse(Rewrite(good, (_, bytes) => bytes, "SCHEMA"), "two entries");
        Refuse(Rewrite(good, (_, bytes) => bytes, string.Join('/', Enumerable.Repeat("a", 100))), "100 levels");
        Refuse(Rewrite(good, (name, bytes) => name.EndsWith("OnnxModel", StringComparison.Ordinal) ? [.. bytes, 0] : bytes), "holds more");
    }

    [TestMethod]
    [DataRow("Microsoft.ML", "Microsoft_ML")]
    [DataRow("MLNet.Sngp.Inference", "MLNet_Sngp.Inference")]
    public void NoAssemblyIsLoadedBecauseAFileNamesIt(string trusted, string named)
    {
        using var transformer = SmallModel.Transformer(_context);
        var good = Save(transformer, SampleTable.Create(_context, 1).Schema).ToArray();
        var bytes =
            Rewrite(good, (name, bytes) => name.EndsWith("Model.key", StringComparison.Ordinal) ? Replace(bytes, trusted, named) : bytes);
        CollectionAssert.AreNotEqual(good, bytes);
        Refuse(bytes, $"asks to load the assembly '{named}");
    }

    // Names stand in these entries as UTF-16.
    private static byte[] Replace(byte[] bytes, string old, string other)
    {
        var (from, to) = (Encoding.Unicode.GetBytes(old), Encoding.Unicode.GetBytes(other));
        var copy = (byte[])bytes.Clone();
        for (var at = copy.AsSpan().IndexOf(from); at >= 0; at = copy.AsSpan().IndexOf(from))
            to.CopyTo(copy, at);
        return copy;
    }

    private TransformerChain<ITransformer> CheckBothLoaders(ITransformer model, IDataView table)
    {
        var expected = model.Transform(table);
        var zip = Save(model, table.Schema);
        var plain = _context.Model.Load(zip, out var plainSchema);
        CheckSame(expected, plain.Transform(table));
        CollectionAssert.AreEqual(DataViewReader.Describe(table.Schema), DataViewReader.Describe(plainSchema));
        zip.Position = 0;
        var batching = _context.Sngp().Load(zip, out var schema);
        CheckSame(expected, batching.Transform(table));
        CollectionAssert.AreEqual(DataViewReader.Describe(table.Schema), DataViewReader.Describe(schema));
        Assert.IsTrue(batching is SngpTransformer or TransformerChain<ITransformer>);
        (plain as IDisposable)?.Dispose();
        return batching as TransformerChain<ITransformer> ?? new TransformerChain<ITransformer>(batching);
    }

    private static void CheckSame(IDataView expected, IDataView actual)
    {
        Assert.AreEqual(
            string.Join('\n', DataViewReader.Describe(expected.Schema)), string.Join('\n', DataViewReader.Describe(actual.Schema)));
        var names = expected.Schema.Where(column => !column.IsHidden).Select(column => column.Name).ToList();
        using var left = expected.GetRowCursor(expected.Schema);
        using var right = actual.GetRowCursor(actual.Schema);
        var expectedValues = names.ConvertAll(name => DataViewReader.Value(left, expected.Schema[name]));
        var actualValues = names.ConvertAll(name => DataViewReader.Value(right, actual.Schema[name]));
        while (left.MoveNext())
        {
            Assert.IsTrue(right.MoveNext());
            for (var i = 0; i < names.Count; i++)
                TransformerContract.AssertSame(expectedValues[i](), actualValues[i](), names[i]);
        }
        Assert.IsFalse(right.MoveNext());
    }

    private sealed class ObservedStream(Action observe) : MemoryStream
    {
        public override void Write(byte[] buffer, int offset, int count)
        {
            observe();
            base.Write(buffer, offset, count);
        }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            observe();
            base.Write(buffer);
        }
    }

    private MemoryStream Save(ITransformer model, DataViewSchema schema)
    {
        var stream = new MemoryStream();
        _context.Model.Save(model, schema, stream);
        stream.Position = 0;
        return stream;
    }

    private void Refuse(byte[] bytes, string because = "")
    {
        using var stream = new MemoryStream(bytes);
        StringAssert.Contains(Assert.ThrowsExactly<ModelFormatException>(() => _context.Sngp().Load(stream, out _)).Message, because);
    }

    private static byte[] Rewrite(byte[] zip, Func<string, byte[], byte[]> change, string? addedName = null, byte[]? added = null)
    {
        using var result = new MemoryStream();
        using (var target = new ZipArchive(result, ZipArchiveMode.Create, leaveOpen: true))
        {
            using var source = new ZipArchive(new MemoryStream(zip), ZipArchiveMode.Read);
            foreach (var entry in source.Entries)
            {
                using var content = new MemoryStream();
                using (var stream = entry.Open())
                    stream.CopyTo(content);
                Write(target, entry.FullName, change(entry.FullName, content.ToArray()));
            }
            if (addedName != null)
                Write(target, addedName, added ?? []);
        }
        return result.ToArray();
    }

    private static void Write(ZipArchive archive, string name, byte[] content)
    {
        using var stream = archive.CreateEntry(name).Open();
        stream.Write(content);
    }
}
