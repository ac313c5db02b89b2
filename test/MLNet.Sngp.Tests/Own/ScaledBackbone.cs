using System.ComponentModel.DataAnnotations;
using MLNet.Sngp.Backbones;
using MLNet.Sngp.Layers;
using TorchSharp;
using TorchSharp.Modules;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Own;

/// <summary>A backbone of somebody else's in one file: h = tanh(x·W)·s with a buffer that training changes, the mean of |h|.</summary>
internal sealed class ScaledBackbone : Backbone
{
    [Range(1, 100)]
    public int Units { get; set; } = 6;

    internal override bool HasDropout => false;

    internal override long Check(long[] rowShape) => rowShape.Length == 1
        ? Units
        : throw new NotSupportedException($"Rows of {rowShape.Length} dimensions are not for this backbone; give it vectors.");

    internal override BackboneModule Create(long[] rowShape, SeededRandom random, Device device) =>
        new Scaled(rowShape[0], Units, random, device);

    private sealed class Scaled : BackboneModule
    {
        private readonly Parameter _weight;
        private readonly Tensor _mean;

        public Scaled(long features, long units, SeededRandom random, Device device)
            : base(nameof(Scaled))
        {
            _weight = nn.Parameter(Initial.GlorotUniform(random, features, units, device));
            _mean = ones(1, dtype: ScalarType.Float32, device: device);
            register_parameter("weight", _weight);
            register_buffer("mean", _mean);
        }

        public override long NumberOfHiddenUnits => _weight.shape[1];

        public override Tensor forward(Tensor input)
        {
            using var scope = NewDisposeScope();
            var hidden = input.mm(_weight).tanh();
            if (training)
            {
                using var kept = no_grad();
                _mean.mul_(0.9f.ToScalar()).add_(hidden.detach().abs().mean(), 0.1f.ToScalar());
            }
            return scope.MoveToOuter(hidden.div(_mean.detach().clone()));
        }

        public override string AddTo(OnnxGraphBuilder graph, string input)
        {
            var hidden = graph.Node("tanh", "Tanh", [graph.Node("product", "MatMul", [input, graph.Constant("weight", _weight)])]);
            return graph.Node("scaled", "Div", [hidden, graph.Constant("mean", _mean)]);
        }
    }
}
