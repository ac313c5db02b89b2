using System.Reflection;
using MLNet.Sngp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Conventions;

/// <summary>No scalar reaches native code that a garbage collection could free meanwhile; see decision 0015.</summary>
[TestClass]
public sealed class HeldScalarsTests
{
    [TestMethod]
    public void TheLibraryHoldsEveryScalar()
    {
        var faults = new[] { typeof(SngpMulticlassTrainer).Assembly, typeof(SngpTransformer).Assembly }
            .SelectMany(MethodCalls.Methods).SelectMany(TemporaryScalars.In);

        Assert.AreEqual("", string.Join(Environment.NewLine, faults));
    }

    [TestMethod]
    [DataRow(
        nameof(Samples.Conversion), "M:TorchSharp.Scalar.op_Implicit(System.Double)~TorchSharp.Scalar, which makes a temporary scalar")]
    [DataRow(nameof(Samples.Operator),
        "M:TorchSharp.torch.Tensor.op_Multiply(TorchSharp.torch.Tensor,System.Double), which makes a temporary scalar")]
    [DataRow(nameof(Samples.CompoundAssignment),
        "M:TorchSharp.torch.Tensor.op_Addition(TorchSharp.torch.Tensor,System.Int32), which makes a temporary scalar")]
    [DataRow(nameof(Samples.InsideTorchSharp), "M:TorchSharp.torch.Tensor.add(TorchSharp.torch.Tensor), which makes a temporary scalar")]
    [DataRow(nameof(Samples.InTheCall), "neither keeps a scalar in a static readonly field nor declares it with using")]
    [DataRow(nameof(Samples.Variable), "neither keeps a scalar in a static readonly field nor declares it with using")]
    [DataRow(nameof(Samples.Using), null)]
    public void ATemporaryScalarIsSeen(string sample, string? fault)
    {
        var found = TemporaryScalars.In(typeof(Samples).GetMethod(sample)!).SingleOrDefault();

        Assert.AreEqual(fault, found?[(found.IndexOf(sample, StringComparison.Ordinal) + sample.Length + 1)..].Replace(
            "calls ", "", StringComparison.Ordinal));
    }

    [TestMethod]
    public void TheCompilerRefusesEveryMethodThatMakesOne()
    {
        var lines = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "BannedSymbols.txt"));

        var banned = lines.Where(line => line.StartsWith("M:", StringComparison.Ordinal)).Select(line => line.Split(';')[0]);

        CollectionAssert.AreEqual(TemporaryScalars.Banned().Order(StringComparer.Ordinal).ToArray(), banned.ToArray(), string.Join(
            Environment.NewLine, TemporaryScalars.Banned().Order(StringComparer.Ordinal)));
    }

    private static class Samples
    {
        public static Tensor Conversion(Tensor x) => x.add_(x, 0.5);

        public static Tensor Operator(Tensor x) => x * 0.5;

        // The compiler's analyser does not look at these.
        public static Tensor CompoundAssignment(Tensor x) => x += 1;

        public static Tensor InsideTorchSharp(Tensor x) => x.add(x);

        public static Tensor InTheCall(Tensor x) => x.add_(x, 0.5.ToScalar());

        public static Tensor Variable(Tensor x)
        {
            var half = 0.5.ToScalar();
            x.mul_(half);
            return x.add_(x, half);
        }

        public static Tensor Using(Tensor x)
        {
            using var half = 0.5.ToScalar();
            return x.add_(x, half);
        }
    }
}
