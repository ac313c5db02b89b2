using System.Text.Json;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Tests.Reference;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Layers;

/// <summary>
/// A network of the public layers with a loop and an Adam of its own, three training steps and a prediction, number by number against an
/// independent program; TrainingLoopReferenceTests holds the trainer to the same numbers.
/// </summary>
[TestClass]
public class LayersReferenceTests
{
    private const double Tolerance = 1e-9;

    [TestMethod]
    public void EachStepAndThePredictionAreTheReferences()
    {
        using var scope = NewDisposeScope();
        using var network = new Network();
        network.Load(ReferenceSteps.Root.GetProperty("initial"));
        var adam = new KerasAdam(network.Trained);
        var number = 0;
        foreach (var step in ReferenceSteps.Root.GetProperty("steps").EnumerateArray())
        {
            using var stepScope = NewDisposeScope();
            var (x, y) = (Rows("x", number).to(ScalarType.Float64), Rows("y", number).to(ScalarType.Int64));
            number++;
            var (logits, variance) = network.call(x);
            Assert.IsNull(variance);
            var beta = network.Output.Beta;
            var loss = nn.functional.cross_entropy(logits, y) + 1e-6 * beta.pow(2).sum();
            loss.backward();
            Assert.AreEqual(step.GetProperty("loss").GetDouble(), loss.item<double>(), Tolerance, $"loss of step {number}");
            ReferenceSteps.AssertClose(step.GetProperty("logits"), logits, Tolerance, $"logits of step {number}");
            ReferenceSteps.AssertClose(
                step.GetProperty("precision"), network.Output.Covariance.Precision, Tolerance, $"precision of step {number}");
            ReferenceSteps.AssertClose(step.GetProperty("sigma_before_bound"), stack(
                network.Blocks.Select(block => block.SingularValue).ToArray()), Tolerance, $"σ of step {number}");
            ReferenceSteps.AssertClose(
                step.GetProperty("grads").GetProperty("beta"), beta.grad!, Tolerance, $"β's gradient of step {number}");
            adam.Update();
            network.AssertState(step.GetProperty("after_step"), number);
        }
        Assert.AreEqual(3, number);
        network.AssertPrediction(ReferenceSteps.Root.GetProperty("prediction"));
    }

    private static Tensor Rows(string name, int batch) =>
        ReferenceSteps.Doubles(ReferenceSteps.Root.GetProperty(name)).narrow(0, batch * ReferenceSteps.BatchSize, ReferenceSteps.BatchSize);

    private sealed class Network : nn.Module<Tensor, (Tensor, Tensor?)>
    {
        private readonly Linear projection = nn.Linear(2, ReferenceSteps.Width, dtype: ScalarType.Float64);
        private readonly ModuleList<SpectralNormalization> blocks = [];
        private readonly RandomFeatureGaussianProcess output = new(ReferenceSteps.Width, 2, ReferenceSteps.NumberOfRandomFeatures);

        public Network() : base(nameof(Network))
        {
            for (var i = 0; i < ReferenceSteps.Depth; i++)
                blocks.Add(new SpectralNormalization(
                    nn.Linear(ReferenceSteps.Width, ReferenceSteps.Width, dtype: ScalarType.Float64), bound: 0.9));
            RegisterComponents();
            output.to(ScalarType.Float64);
        }

        public IReadOnlyList<SpectralNormalization> Blocks => [.. blocks];

        public RandomFeatureGaussianProcess Output => output;

        public IReadOnlyList<Parameter> Trained => [.. blocks.SelectMany(block => block.parameters()), output.Beta];

        public override (Tensor, Tensor?) forward(Tensor x)
        {
            var hidden = projection.call(x);
            foreach (var block in blocks)
                hidden += block.call(hidden).relu();
            return output.call(hidden);
        }

        public void Load(JsonElement state)
        {
            using var noGradient = no_grad();
            projection.weight.copy_(ReferenceSteps.Doubles(state.GetProperty("project_w")).t());
            projection.bias!.copy_(ReferenceSteps.Doubles(state.GetProperty("project_b")));
            var features = output.named_children().Single(child => child.name == "features").module;
            Set(features, "weight", state.GetProperty("rff_w"));
            Set(features, "phase", state.GetProperty("rff_b"));
            output.Beta.copy_(ReferenceSteps.Doubles(state.GetProperty("beta")));
            for (var i = 0; i < ReferenceSteps.Depth; i++)
            {
                var block = state.GetProperty($"block{i}");
                var layer = (Linear)blocks[i].Layer;
                layer.weight.copy_(ReferenceSteps.Doubles(block.GetProperty("w")).t());
                layer.bias!.copy_(ReferenceSteps.Doubles(block.GetProperty("b")));
                Set(blocks[i], "right", block.GetProperty("u"));
                Set(blocks[i], "left", block.GetProperty("v"));
            }
        }

        public void AssertState(JsonElement state, int step)
        {
            ReferenceSteps.AssertClose(state.GetProperty("beta"), output.Beta, Tolerance, $"β after step {step}");
            for (var i = 0; i < ReferenceSteps.Depth; i++)
            {
                var block = state.GetProperty($"block{i}");
                var layer = (Linear)blocks[i].Layer;
                ReferenceSteps.AssertClose(block.GetProperty("w"), layer.weight.t(), Tolerance, $"weight {i} after step {step}");
                ReferenceSteps.AssertClose(block.GetProperty("b"), layer.bias!, Tolerance, $"bias {i} after step {step}");
            }
        }

        public void AssertPrediction(JsonElement expected)
        {
            eval();
            var x = ReferenceSteps.Doubles(expected.GetProperty("x"));
            var (logits, variance) = call(x);
            ReferenceSteps.AssertClose(expected.GetProperty("logits"), logits, Tolerance, "logits");
            var hidden = blocks.Aggregate(projection.call(x), (value, block) => value + block.call(value).relu());
            var features = output.Features(hidden);
            ReferenceSteps.AssertClose(expected.GetProperty("phi"), features, Tolerance, "random features");
            ReferenceSteps.AssertClose(expected.GetProperty("covariance"), output.Covariance.Covariance(features), Tolerance, "covariance");
            ReferenceSteps.AssertClose(
                expected.GetProperty("adjusted"), MLNet.Sngp.Layers.MeanField.Adjust(logits, variance!), Tolerance, "adjusted logits");
        }

        private static void Set(nn.Module module, string buffer, JsonElement value)
        {
            var tensor = module.get_buffer(buffer)!;
            tensor.copy_(ReferenceSteps.Doubles(value).reshape(tensor.shape));
        }
    }

    // Keras' legacy form: w ← w − lr·√(1 − β₂ᵗ)/(1 − β₁ᵗ)·m/(√v + 1e-7).
    private sealed class KerasAdam(IReadOnlyList<Parameter> parameters)
    {
        private readonly Tensor[] _first = [.. parameters.Select(parameter => parameter.zeros_like())];
        private readonly Tensor[] _second = [.. parameters.Select(parameter => parameter.zeros_like())];
        private int _step;

        public void Update()
        {
            using var noGradient = no_grad();
            _step++;
            var rate = 0.01 * Math.Sqrt(1 - Math.Pow(0.999, _step)) / (1 - Math.Pow(0.9, _step));
            for (var i = 0; i < parameters.Count; i++)
            {
                var gradient = parameters[i].grad!;
                _first[i].mul_(0.9).add_(gradient * 0.1);
                _second[i].mul_(0.999).add_(gradient * gradient * 0.001);
                parameters[i].sub_(rate * _first[i] / (_second[i].sqrt() + 1e-7));
                gradient.zero_();
            }
        }
    }
}
