using Microsoft.ML;
using TorchSharp;

namespace MLNet.Sngp.Tests.Support;

/// <summary>The bytes of trained models, for tests that want them equal.</summary>
internal static class ModelBytes
{
    /// <summary>The bytes of a trained model, as its ONNX file.</summary>
    public static byte[] Of(SngpTransformer model)
    {
        using (model)
        {
            using var stream = new MemoryStream();
            model.SaveAsOnnx(stream);
            return stream.ToArray();
        }
    }

    /// <summary>Runs with one torch thread, so that sums are added in one order.</summary>
    public static void WithOneThread(Action action)
    {
        var threads = torch.get_num_threads();
        torch.set_num_threads(1);
        try
        {
            action();
        }
        finally
        {
            torch.set_num_threads(threads);
        }
    }

    /// <summary>Trains until so many epochs are reported, and then cancels.</summary>
    public static void Interrupt(
        Action<SngpOptions> configure, Func<Action<SngpOptions>, IEstimator<SngpTransformer>> create, IDataView data, int afterReports)
    {
        using var source = new CancellationTokenSource();
        var reports = 0;
        var trainer = create(options =>
        {
            configure(options);
            options.Training.CancellationToken = source.Token;
            options.Training.Progress = new Reporter(_ =>
            {
                if (++reports == afterReports)
                    source.Cancel();
            });
        });
        var error = Assert.ThrowsExactly<OperationCanceledException>(() => trainer.Fit(data));
        Assert.AreEqual(source.Token, error.CancellationToken);
    }
}
