using MLNet.Sngp.Benchmarks.Measuring;
using MLNet.Sngp.Modules;
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

    public static Figure Written(WorkSettings settings, bool isPlain) => Measure(settings, isPlain, (network, options) =>
    {
        var loop = new TrainingLoop(network, options, seed: 1, numberOfRows: Rows);
        return (x, y) => loop.Step(x, y, weights: null);
    });

    public static Figure Autograd(WorkSettings settings, bool isPlain) => Measure(settings, isPlain, (network, options) =>
    {
        var masks = DropoutMasks.Create(network.Residual.Shape, Rows, options.DropoutRate, new SeededRandom(1, RandomPurpose.Dropout), CPU)!;
        var adam = new Adam(network.Parameters, options.LearningRate);
        Tensor[] leaves = [.. Enumerable.Range(0, Count(network)).Select(i => network.Parameters[i])];
        for (var i = 0; i < leaves.Length; i++)
        {
            leaves[i].requires_grad_();
            leaves[i].grad = network.Parameters.Gradient(i);
        }
        return (x, y) =>
        {
            using var scope = NewDisposeScope();
            network.BeforeStep();
            network.Parameters.Gradients.zero_();
            var loss = nn.functional.cross_entropy(Logits(network, x, masks.Next(Rows)), y);
            if (network is SngpNetwork sngp)
                loss = loss + 1e-6 * sngp.GaussianProcess.OutputWeight.pow(2).sum();
            loss.backward();
            _ = loss.item<float>();
            adam.Update();
        };
    });

    private static Tensor Logits(Network network, Tensor features, Tensor[] masks)
    {
        var residual = network.Residual;
        var hidden = residual.Project(features);
        for (var layer = 0; layer < masks.Length; layer++)
            hidden = hidden + (addmm(residual.Bias(layer), hidden, residual.Weight(layer), 1, 1).relu() * masks[layer]);
        return network is SngpNetwork sngp
            ? sngp.GaussianProcess.Logits(addmm(sngp.GaussianProcess.Bias, hidden, sngp.GaussianProcess.ScaledWeight, 1, 1).cos() * sngp.GaussianProcess.Amplitude)
            : addmm(((DenseNetwork)network).OutputBias, hidden, ((DenseNetwork)network).OutputWeight, 1, 1);
    }

    private static int Count(Network network) => (2 * network.Residual.Shape.NumberOfHiddenLayers) + (network is SngpNetwork ? 1 : 2);

    private static Figure Measure(WorkSettings settings, bool isPlain, Func<Network, NetworkTrainerOptions, Action<Tensor, Tensor>> create)
    {
        using var scope = NewDisposeScope();
        var shape = new NetworkShape(2, 6, 128, 2);
        var options = new SngpTrainer.Options { Seed = 1 };
        Network network = isPlain ? new DenseNetwork(shape, 1, CPU) : new SngpNetwork(shape, options, 1, CPU, _ => 1);
        var random = new SeededRandom(1, RandomPurpose.RowOrder);
        var (x, y) = (Initial.Gaussian(random, [Rows, 2], CPU), arange(Rows, dtype: ScalarType.Int64).remainder(2));
        var step = create(network, options);
        var seconds = Repeated.MedianSeconds(() =>
        {
            for (var i = 0; i < StepsAtOnce; i++)
                step(x, y);
        }, settings.Seconds);
        return new Figure(seconds / StepsAtOnce * 1000, "ms");
    }
}
