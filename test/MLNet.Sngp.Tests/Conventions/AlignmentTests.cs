using System.Collections;
using System.Reflection;
using System.Runtime.CompilerServices;
using MLNet.Sngp.Data;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Conventions;

/// <summary>MKL rounds by the address of an operand: whatever takes part in a product lies where libtorch itself would put it. See
/// docs/determinism.md.</summary>
[TestClass]
public class AlignmentTests
{
    private const long Boundary = 64;

    [TestMethod]
    public void NumbersThatTheLibraryDrawsLieAtABoundary()
    {
        using var scope = NewDisposeScope();
        // Managed arrays of many lengths begin all over the place.
        foreach (var length in Enumerable.Range(1, 200))
            AssertAligned(Initial.Gaussian(new SeededRandom(1, RandomPurpose.NetworkWeights), [length], CPU), $"{length} drawn numbers");
    }

    [TestMethod]
    public void ArraysOfTheLibraryLieAtABoundary()
    {
        using var scope = NewDisposeScope();
        var kept = new List<object>();
        foreach (var length in Enumerable.Range(1, 100))
        {
            var singles = new AlignedArray<float>(length);
            kept.AddRange([singles, new byte[length]]);
            singles[length - 1] = length;
            var shown = NativeTensor.Showing(singles);
            AssertAligned(shown, $"{length} singles");
            Assert.AreEqual(length, shown[^1].item<float>());
        }
    }

    [TestMethod]
    [DataRow(false, false)]
    [DataRow(true, false)]
    [DataRow(true, true)]
    public void EverythingThatATrainingStepTouchesLiesAtABoundary(bool isSngp, bool isNormalized)
    {
        using var scope = NewDisposeScope();
        var options = new SngpOptions { Seed = 1, Backbone = new ResidualMlp { NumberOfHiddenUnits = 9, NumberOfHiddenLayers = 2 },
            GaussianProcess = { NumberOfRandomFeatures = 30, NormalizeGpInput = isNormalized
            ? GpInputNormalization.LayerNorm
            : GpInputNormalization.None }, Training = { BatchSize = 7 } };
        options.Head = isSngp ? NetworkHead.GaussianProcess : NetworkHead.Dense;
        using var network = TestNetwork.Create(3, 2, 9, 2, options);
        var loop = new TrainingLoop(network, options.Training, seed: 1, numberOfRows: 20);
        var table = new TrainingTable(3, hasWeights: true, 20);
        for (var row = 0; row < 20; row++)
        {
            table.NextRow()[row % 3] = row;
            table.Keep(row % 2, 1);
        }
        var batch = new BatchTensors(table, 7, CPU);
        using var pass = table.InOrder();
        while (batch.Read(pass))
            loop.Step(batch.Features, batch.Labels, batch.Weights);
        var tensors = new TensorsOf(network, loop, batch);
        foreach (var (name, tensor) in tensors)
            AssertAligned(tensor, name);
        // The walk finds what it is for: weights, gradients, Adam's moments, masks, buffers of both batch sizes, the batch.
        Assert.IsGreaterThan(30, tensors.Count());
    }

    [TestMethod]
    public void TheCompilerRefusesTensorsThatShowManagedMemory()
    {
        string[] names = [nameof(tensor), nameof(as_tensor), nameof(from_array), nameof(frombuffer)];
        var methods = typeof(torch).GetMethods().Where(method => names.Contains(method.Name)).Select(DocumentationId.Of).Distinct()
            .Order(StringComparer.Ordinal).ToArray();
        var banned = File.ReadAllLines(Path.Combine(AppContext.BaseDirectory, "BannedSymbols.Memory.txt"))
            .Where(line => line.StartsWith("M:", StringComparison.Ordinal)).Select(line => line.Split(';')[0]);
        CollectionAssert.AreEqual(methods, banned.ToArray(), string.Join(Environment.NewLine, methods));
    }

    private static unsafe void AssertAligned(Tensor tensor, string what)
    {
        var first = (nint)Unsafe.AsPointer(ref System.Runtime.InteropServices.MemoryMarshal.GetReference(tensor.bytes));
        var start = first - (tensor.storage_offset() * tensor.element_size());
        Assert.AreEqual(0L, start % Boundary, what);
    }

    /// <summary>All contiguous tensors that objects of the library reach through their fields.</summary>
    private sealed class TensorsOf(params object[] roots) : IEnumerable<(string Name, Tensor Tensor)>
    {
        private readonly HashSet<object> _seen = new(ReferenceEqualityComparer.Instance);

        public IEnumerator<(string Name, Tensor Tensor)> GetEnumerator()
        {
            _seen.Clear();
            return roots.SelectMany(root => Walk(root, root.GetType().Name)).ToList().GetEnumerator();
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

        private IEnumerable<(string Name, Tensor Tensor)> Walk(object? value, string name)
        {
            if (value is null or string || value.GetType().IsPrimitive || !_seen.Add(value))
                return [];
            return value switch
            {
                // Transposed views share the storage of others.
                Tensor tensor => tensor.IsInvalid || !tensor.is_contiguous() || tensor.NumberOfElements == 0 ? [] : [(name, tensor)],
                TorchSharp.torch.nn.Module module => module.named_parameters().Select(part => (part.name, (Tensor)part.parameter))
                .Concat(module.named_buffers().Select(part => (part.name, part.buffer)))
                    .Where(part => part.Item2.is_contiguous()).Concat(value.GetType().Assembly == typeof(Network).Assembly
                        ? Fields(value.GetType()).Where(field => field.DeclaringType!.Assembly == typeof(Network).Assembly)
                        .SelectMany(field => Walk(field.GetValue(value), $"{name}.{field.Name}"))
                        : []),
                IDictionary pairs => pairs.Values.Cast<object?>().SelectMany(item => Walk(item, name)),
                Array { Rank: 1 } array when array.GetType().GetElementType()!.IsPrimitive => [],
                IEnumerable items => items.Cast<object?>().SelectMany(item => Walk(item, name)),
                _ when value.GetType().Assembly != typeof(Network).Assembly => [],
                _ => Fields(value.GetType()).SelectMany(field => Walk(field.GetValue(value), $"{name}.{field.Name}")),
            };
        }

        private static IEnumerable<FieldInfo> Fields(Type? type) => type is null ? [] :
            type.GetFields(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
                .Concat(Fields(type.BaseType));
    }
}
