using Microsoft.ML;
using MLNet.Sngp.Tests.Support;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests;

/// <summary>The process's default type of numbers does not reach a training.</summary>
[TestClass]
public class DefaultTypeTests
{
    [TestMethod]
    [DynamicData(nameof(Methods.All), typeof(Methods))]
    public void AModelIsTheSameUnderEveryDefault(string name)
    {
        var before = get_default_dtype();
        try
        {
            var expected = Train(name, ScalarType.Float32);
            foreach (var type in new[] { ScalarType.Float64, ScalarType.Float16, ScalarType.BFloat16 })
                CollectionAssert.AreEqual(expected, Train(name, type), type.ToString());
        }
        finally
        {
            set_default_dtype(before);
        }
    }

    private static byte[] Train(string method, ScalarType type)
    {
        set_default_dtype(type);
        var ml = new MLContext(seed: 1);
        using var model = Methods.Create(ml, method, options => options.Training.ValidationFraction = 0.2)
            .Fit(TwoClusters.Load(ml, TwoClusters.Rows(60)));
        return ModelBytes.Of(model);
    }
}
