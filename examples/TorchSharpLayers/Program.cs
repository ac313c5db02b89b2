using MLNet.Sngp.Layers;
using TorchSharp;
using TorchSharpLayers;
using TwoMoons;
using static TorchSharp.torch;

// The SNGP tutorial's notebook with TorchSharp alone, no ML.NET: https://www.tensorflow.org/tutorials/understanding/sngp
const int Epochs = 100, BatchSize = 128;
const double LearningRate = 1e-4;
var folder = Directory.CreateDirectory(args.FirstOrDefault() ?? Path.Combine("artifacts", "torchsharp-layers")).FullName;
random.manual_seed(1);

// Training and evaluation data: two moons, a grid over the plane, and a third class that training never sees.
var (train, grid, outOfDomain) = (MoonsData.Train(1), MoonsData.Grid(), MoonsData.OutOfDomain(1));
using var everything = NewDisposeScope();
var (x, y) = (Features(train), tensor(train.Select(point => (long)point.Label).ToArray()));

// The deterministic model: sure of itself wherever it is not between the classes.
var deterministic = new DeepResNet(classes: 2).Ready();
Fit(deterministic, beforeEpoch: () => { });
deterministic.eval();
Draw("Deterministic", Probabilities(points => deterministic.call(points)));

// SNGP: the same network with the two layers, the covariance reset at the start of each epoch, and mean-field probabilities.
var sngp = (DeepResNetSngp)new DeepResNetSngp(classes: 2).Ready();
Fit(sngp, beforeEpoch: sngp.ResetCovariance);
sngp.eval();
Draw("SNGP", Probabilities(points =>
{
    var (logits, variance) = sngp.Predict(points);
    return MeanField.Adjust(logits, variance, factor: Math.PI / 8);
}));
Console.WriteLine($"Surfaces: {folder}");

// The training loop is the reader's own.
void Fit(DeepResNet network, Action beforeEpoch)
{
    using var adam = optim.Adam(network.parameters().Where(parameter => parameter.requires_grad), LearningRate, eps: 1e-7);
    network.train();
    for (var epoch = 1; epoch <= Epochs; epoch++)
    {
        beforeEpoch();
        using var order = randperm(train.Length);
        for (var start = 0; start < train.Length; start += BatchSize)
        {
            using var step = NewDisposeScope();
            var rows = order.narrow(0, start, Math.Min(BatchSize, train.Length - start));
            adam.zero_grad();
            nn.functional.cross_entropy(network.call(x[rows]), y[rows]).backward();
            adam.step();
        }
    }
}

// The probability of class 0 for the training, the grid's and the out-of-domain points.
double[][] Probabilities(Func<Tensor, Tensor> logits)
{
    using var noGradient = no_grad();
    return [.. new[] { train, grid, outOfDomain }.Select(points =>
    {
        using var scope = NewDisposeScope();
        return logits(Features(points)).softmax(1)[TensorIndex.Colon, 0].data<float>().Select(p => (double)p).ToArray();
    })];
}

// Two surfaces, class probability and p·(1 − p), and what they come to in numbers.
void Draw(string name, double[][] probabilities)
{
    var uncertainties = Array.ConvertAll(probabilities, values => Array.ConvertAll(values, p => p * (1 - p)));
    var largest = uncertainties[1].Max();
    var file = Path.Combine(folder, name.ToLowerInvariant());
    SurfaceFigure.Write(
        file + "-class-probability.svg", $"Class probability, {name}", "probability of class 0", probabilities[1], train, outOfDomain);
    SurfaceFigure.Write(file + "-predictive-uncertainty.svg", $"Predictive uncertainty, {name}", "p(1 − p) / maximum",
        [.. uncertainties[1].Select(u => u / largest)], train, outOfDomain);
    var correct = train.Zip(probabilities[0]).Count(pair => pair.First.Label == (pair.Second > 0.5 ? 0 : 1));
    Console.WriteLine(
        $"{name,-14} training accuracy {correct / (double)train.Length:0.000}; mean p(1 − p): training points "
        + $"{uncertainties[0].Average():0.000}, out of domain {uncertainties[2].Average():0.000}");
}

static Tensor Features(MoonPoint[] points) =>
    tensor(points.SelectMany(point => new[] { point.X, point.Y }).ToArray(), [points.Length, 2], dtype: ScalarType.Float32);
