using System.Reflection;

namespace MLNet.Sngp.Tests.Support;

/// <summary>The clone that the tests were built in, and what its build knew.</summary>
internal static class Repository
{
    public static string Root { get; } = FindRoot();

    /// <summary>The configuration that the tests were built in.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    /// <summary>The folder that packages are restored into.</summary>
    public static string PackageCache { get; } = Metadata("PackageCache");

    /// <summary>The package that holds this system's libtorch.</summary>
    public static string LibTorchPackage { get; } = Metadata("LibTorchPackage");

    private static string Metadata(string key) =>
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(attribute => attribute.Key == key).Value!;

    private static string FindRoot()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(folder.FullName, "MLNet.Sngp.sln")))
            folder = folder.Parent ?? throw new InvalidOperationException("The tests do not run in a clone of the repository.");
        return folder.FullName;
    }
}
