using MLNet.Sngp.Benchmarks.Measuring;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Benchmarks.Works;

/// <summary>One training step of the default network, 128 rows: gradients written out as the library has them, and by automatic
/// differentiation.</summary>
/// <remarks>Both bound the weights, draw the same masks and end with the same update of flat parameters.</remarks>
internal static class StepWorks
{
    private const int Rows = 128, StepsAtOnce = 50;

    public static Figure Written(WorkSettings settings) => Measure(settings, network => TrainingStep.Create(network, Rows));

    public static Figure Autograd(WorkSettings settings) => Measure(settings, network => new AutogradStep(network));

    private static Figure Measure(WorkSettings settings, Func<Network, TrainingStep> create)
    {
        using var scope = NewDisposeScope();
        var options = TutorialNetwork.Sngp(1);
        using var network = Network.Create(options, Categorical.Instance, [2], 2, 1, CPU, _ => 1);
        network.RestartDropout(new SeededRandom(1, RandomPurpose.Dropout));
        var random = new SeededRandom(1, RandomPurpose.RowOrder);
        var (x, y) = (Initial.Gaussian(random, [Rows, 2], CPU), arange(Rows, dtype: ScalarType.Float32).remainder(2));
        var (step, adam) = (create(network), new Adam(network.Parameters, options.Training.LearningRate));
        var seconds = Repeated.MedianSeconds(() =>
        {
            for (var i = 0; i < StepsAtOnce; i++)
            {
                step.Run(x, y, weights: null);
                adam.Update();
            }
        }, settings.Seconds);
        return new Figure(seconds / StepsAtOnce * 1000, "ms");
    }
}
