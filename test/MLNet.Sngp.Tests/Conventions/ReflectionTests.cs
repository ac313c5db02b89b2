using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;
using MLNet.Sngp.Pipelines;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;

namespace MLNet.Sngp.Tests.Conventions;

/// <summary>
/// What is found by its name at run time: two public members of ML.NET, in a file each, with a test that fails when ML.NET changes them.
/// </summary>
[TestClass]
public sealed class ReflectionTests
{
    /// <summary>Types that look for a member by its name, with the member; all are public members of ML.NET.</summary>
    private static readonly Dictionary<string, string> ByName = new()
    {
        [nameof(FittedChain)] = "TransformerChain<T>.GetModelFor",
        [nameof(HostCancellation)] = "IsCanceled of the host",
    };

    private static readonly Assembly[] Product =
        [typeof(SngpTrainer).Assembly, typeof(SngpTransformer).Assembly, typeof(SentenceEncoderOptions).Assembly];

    [TestMethod]
    public void OnlyTheseLookForMembersByName()
    {
        string[] lookups =
        [
            "GetMethod", "GetProperty", "GetField", "GetMember", "GetConstructor", "GetEvent", "GetNestedType", "GetInterface",
            "InvokeMember",
        ];
        var looking = Product.SelectMany(MethodCalls.Methods)
            .Where(method => MethodCalls.Of(method).Any(called => called.DeclaringType == typeof(Type) && lookups.Contains(called.Name)))
            .Select(method => Outermost(method.DeclaringType!).Name).Distinct();
        CollectionAssert.AreEquivalent(ByName.Keys, looking.ToList());
    }

    [TestMethod]
    public void NothingPrivateIsReached()
    {
        string[] doors = ["NonPublic", "UnsafeAccessor", "GetRuntimeMethod", "GetRuntimeField", "GetRuntimePropert", "IgnoreAccessChecks"];
        var reaching = Directory.EnumerateFiles(Path.Combine(Repository.Root, "src"), "*.cs", SearchOption.AllDirectories)
            .Where(file => !file.Contains($"{Path.DirectorySeparatorChar}obj{Path.DirectorySeparatorChar}", StringComparison.Ordinal))
            .Where(file => doors.Any(File.ReadAllText(file).Contains));
        Assert.AreEqual("", string.Join(Environment.NewLine, reaching));
    }

    [TestMethod]
    public void AChainGivesItsPartForAScope()
    {
        var method = typeof(TransformerChain<>).GetMethod(nameof(TransformerChain<ITransformer>.GetModelFor))!;
        Assert.AreEqual(typeof(TransformerChain<ITransformer>), method.ReturnType);
        Assert.AreEqual(typeof(TransformerScope), method.GetParameters().Single().ParameterType);
    }

    [TestMethod]
    public void AHostSaysThatItsContextWasCancelled()
    {
        var ml = new MLContext(1);
        var isCancelled = HostCancellation.TryWatch(((IHostEnvironment)ml).Register("test"));
        Assert.IsNotNull(isCancelled, "ML.NET's host has lost its public property: look for a public way.");
        Assert.IsFalse(isCancelled());
        // ML.NET keeps it to itself; AutoML and Microsoft.ML.Experimental call it.
        typeof(MLContext).GetMethod("CancelExecution", BindingFlags.Instance | BindingFlags.NonPublic)!.Invoke(ml, null);
        Assert.IsTrue(isCancelled());
    }

    [TestMethod]
    public void MLNetHasNoPublicTypeThatSaysIt()
    {
        Assembly[] assemblies = [typeof(IHostEnvironment).Assembly, typeof(MLContext).Assembly];
        var types = assemblies.SelectMany(assembly => assembly.GetExportedTypes());
        var members = types.SelectMany(type => type.GetMembers())
            .Where(member => member.Name.Contains("Cancel", StringComparison.Ordinal) || member.Name == "CheckAlive")
            .Select(member => $"{member.DeclaringType}.{member.Name}");
        Assert.AreEqual("", string.Join(", ", members), "ML.NET has a public way now: take it in HostCancellation.");
    }

    private static Type Outermost(Type type) => type.DeclaringType is { } outer ? Outermost(outer) : type;
}
