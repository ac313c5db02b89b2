using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.ML;
using MLNet.Sngp.Stress.Scenarios;

namespace MLNet.Sngp.Stress.Serving;

/// <summary>A pool of prediction engines behind an ASP.NET endpoint, loaded on loopback by another process: wrk, or this program where
/// there is none.</summary>
internal static partial class ServingScenario
{
    private const string Query = "/predict?a=0.5&b=-0.25&c=1&d=0.75";
    private const int Connections = 32;

    public static string Run(string[] arguments)
    {
        var seconds = Math.Max(2, Scenario.Rounds(60));
        var folder = Directory.CreateTempSubdirectory("sngp-serve-").FullName;
        try
        {
            using (var model = Clusters.Train(new MLContext(seed: 1), units: 64, randomFeatures: 256))
                model.SaveAsOnnx(Path.Combine(folder, "model.onnx"));
            using var server = ChildProcess.Start([], "server", Path.Combine(folder, "model.onnx"));
            try
            {
                var address = server.StandardOutput.ReadLine()
                    ?? throw new InvalidOperationException("The server ended: " + server.StandardError.ReadToEnd());
                return Load(server, address, seconds);
            }
            finally
            {
                server.StandardInput.Close();
                if (!server.WaitForExit(20_000))
                    server.Kill();
            }
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Load(Process server, string address, int seconds)
    {
        // A short warm-up, so that what is made once does not count as growth.
        RunLoad(address, 2);
        server.Refresh();
        var before = server.WorkingSet64;
        var figures = RunLoad(address, seconds);
        server.Refresh();
        Scenario.Require(!server.HasExited, "The server ended under load.");
        figures += string.Create(CultureInfo.InvariantCulture,
            $", server's memory {before / ProcessMemory.Megabyte:F0} MB before and {server.WorkingSet64 / ProcessMemory.Megabyte:F0} MB "
            + $"after:");
        return figures;
    }

    private static string RunLoad(string address, int seconds) => HasWrk() ? RunWrk(address, seconds) : RunWorker(address, seconds);

    private static bool HasWrk() => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Any(folder => File.Exists(Path.Combine(folder, "wrk")));

    private static string RunWrk(string address, int seconds)
    {
        using var wrk = Process.Start(
            new ProcessStartInfo(
            "wrk", ["-t1", $"-c{Connections}", $"-d{seconds}s", "--latency", address + Query]) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException("wrk could not be started.");
        var output = wrk.StandardOutput.ReadToEnd();
        wrk.WaitForExit();
        Scenario.Require(wrk.ExitCode == 0 && !output.Contains("Non-2xx", StringComparison.Ordinal) && !output.Contains(
            "Socket errors", StringComparison.Ordinal), output);
        return $"wrk, {Connections} connections, {seconds} s: {Requests().Match(output).Value.Trim()}, no error, p99 "
            + $"{Tail().Match(output).Groups[1].Value}";
    }

    private static string RunWorker(string address, int seconds)
    {
        var (status, output) = ChildProcess.Run([], "load-worker", address + Query, seconds.ToString(CultureInfo.InvariantCulture));
        Scenario.Require(status == 0, output);
        return output.Trim()["load-worker: ".Length..^" ok".Length];
    }

    /// <summary>Worker: asks again and again over several connections. Any answer but success is an error.</summary>
    public static string Ask(string[] arguments)
    {
        var seconds = int.Parse(arguments[1], CultureInfo.InvariantCulture);
        using var client = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = Connections });
        var end = Stopwatch.GetTimestamp() + (seconds * Stopwatch.Frequency);
        var times = Enumerable.Range(0, Connections).Select(_ => AskUntil(client, arguments[0], end)).ToArray();
        var all = Task.WhenAll(times).Result.SelectMany(time => time).Order().ToArray();
        return string.Create(CultureInfo.InvariantCulture,
            $"HttpClient, {Connections} connections, {seconds} s: {all.Length} requests, no error, p99 {all[(int)(0.99 * all.Length)]:F2} "
            + $"ms");
    }

    private static async Task<List<double>> AskUntil(HttpClient client, string address, long end)
    {
        var times = new List<double>();
        while (Stopwatch.GetTimestamp() < end)
        {
            var started = Stopwatch.GetTimestamp();
            using var answer = await client.GetAsync(new Uri(address));
            answer.EnsureSuccessStatusCode();
            await answer.Content.ReadAsByteArrayAsync();
            times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
        }
        return times;
    }

    [GeneratedRegex(@"\d+ requests in [^,\n]+")]
    private static partial Regex Requests();

    [GeneratedRegex(@"99%\s+(\S+)")]
    private static partial Regex Tail();
}
