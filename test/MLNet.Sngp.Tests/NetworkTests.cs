using System.Collections.Concurrent;
using System.Diagnostics.Tracing;
using Microsoft.ML;
using MLNet.Sngp.Tests.Support;

namespace MLNet.Sngp.Tests;

/// <summary>The library never uses the network: not to train, score, save, load or export.</summary>
[TestClass]
public class NetworkTests
{
    [TestMethod]
    public void NothingOpensASocketOrAsksForAName()
    {
        using var events = new NetworkEvents();
        var before = Sockets();
        var seen = new ConcurrentBag<string>();
        using (var watch = new Timer(_ => Sockets().ForEach(seen.Add), null, 0, 5))
            UseEverything();
        Assert.IsEmpty(events.Seen);
        Assert.IsEmpty(seen.Concat(Sockets()).Except(before));
    }

    [TestMethod]
    public void TheWatchSeesASocket()
    {
        using var events = new NetworkEvents();
        var before = Sockets();
        using var listener = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        listener.Start();
        using var client = new System.Net.Sockets.TcpClient();
        client.Connect((System.Net.IPEndPoint)listener.LocalEndpoint);
        Assert.IsNotEmpty(events.Seen);
        Assert.IsTrue(!OperatingSystem.IsLinux() || Sockets().Except(before).Any());
    }

    private static void UseEverything()
    {
        var ml = new MLContext(seed: 1);
        using var folder = new TemporaryFolder();
        var table = ml.Data.LoadFromEnumerable(TwoClusters.Rows(60));
        var pipeline = ml.Transforms.Conversion.MapValueToKey("Label").Append(ml.Sngp().Multiclass(TwoClusters.QuickOptions()));
        var model = pipeline.Fit(table);
        ml.Sngp().Evaluate(model.Transform(table));
        ml.Model.Save(model, table.Schema, folder.File("model.zip"));
        (ml.Model.Load(folder.File("model.zip"), out _) as IDisposable)?.Dispose();
        (ml.Sngp().Load(folder.File("model.zip"), out _) as IDisposable)?.Dispose();
        model.SaveAsOnnx(ml, table, folder.File("pipeline.onnx"));
        model.LastTransformer.SaveAsOnnx(folder.File("model.onnx"));
        ml.Sngp().LoadOnnx(folder.File("model.onnx")).Dispose();
        model.Dispose();
    }

    // Native sockets included.
    private static List<string> Sockets()
    {
        if (!OperatingSystem.IsLinux())
            return [];
        return [.. Directory.EnumerateFileSystemEntries("/proc/self/fd").Select(Target)
            .Where(target => target.StartsWith("socket:", StringComparison.Ordinal))];
    }

    // A file can be closed between the listing and this.
    private static string Target(string file)
    {
        try
        {
            return new FileInfo(file).LinkTarget ?? "";
        }
        catch (IOException)
        {
            return "";
        }
    }

    private sealed class NetworkEvents : EventListener
    {
        private static readonly string[] Beginnings = ["ConnectStart", "AcceptStart", "ResolutionStart", "RequestStart"];

        public ConcurrentBag<string> Seen { get; } = [];

        protected override void OnEventSourceCreated(EventSource eventSource)
        {
            if (eventSource.Name.StartsWith("System.Net.", StringComparison.Ordinal))
                EnableEvents(eventSource, EventLevel.Verbose, EventKeywords.All);
        }

        protected override void OnEventWritten(EventWrittenEventArgs eventData)
        {
            if (Beginnings.Contains(eventData.EventName))
                Seen.Add($"{eventData.EventSource.Name} {eventData.EventName}");
        }
    }
}
