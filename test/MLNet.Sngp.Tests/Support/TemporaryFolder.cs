namespace MLNet.Sngp.Tests.Support;

/// <summary>A folder that goes when the test does.</summary>
internal sealed class TemporaryFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("sngp-test-").FullName;

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public List<string> Files() => [.. Directory.EnumerateFileSystemEntries(Path).Select(file => System.IO.Path.GetFileName(file)).Order()];

    /// <summary>The path of the one file there is.</summary>
    public string OnlyFile() => Directory.GetFiles(Path).Single();

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
