using Microsoft.ML;
using MLNet.Sngp.Benchmarks.Data;

namespace MLNet.Sngp.Benchmarks.Works;

/// <summary>The models that scoring is measured with: trained once on the two moons, kept as ONNX files.</summary>
internal static class ScoredModels
{
    /// <summary>SNGP with the library's defaults.</summary>
    public const string Default = "sngp";

    /// <summary>The same training with the whole variance in the graph.</summary>
    public const string Full = "sngp-full";

    /// <summary>The network without Gaussian process.</summary>
    public const string Plain = "plain";

    /// <summary>Trains and writes all of them; gives the bytes of the default one, and of each.</summary>
    public static Figure Write(WorkSettings settings)
    {
        var context = new MLContext(1);
        var table = Tables.Moons(context);
        Directory.CreateDirectory(settings.Models);
        var bytes = new Dictionary<string, double>();
        Keep(Default, context.Sngp().Multiclass(Options(settings)).Fit(table));
        Keep(Full, context.Sngp().Multiclass(Options(settings, varianceTolerance: 0)).Fit(table));
        Keep(Plain, context.Sngp().Multiclass(
            TutorialNetwork.Plain(settings.Epochs)).Fit(table));
        return new Figure(bytes[Default], "bytes", bytes);

        void Keep(string name, SngpTransformer model)
        {
            model.SaveAsOnnx(Path(settings, name));
            bytes[name] = new FileInfo(Path(settings, name)).Length;
            model.Dispose();
        }
    }

    public static string Path(WorkSettings settings, string model) => System.IO.Path.Combine(settings.Models, model + ".onnx");

    public static SngpTransformer Load(MLContext context, WorkSettings settings, string model) =>
        context.Sngp().LoadOnnx(Path(settings, model));

    private static SngpOptions Options(WorkSettings settings, double varianceTolerance = 1e-5)
    {
        var options = TutorialNetwork.Sngp(settings.Epochs);
        options.Posterior.VarianceTolerance = varianceTolerance;
        return options;
    }
}
