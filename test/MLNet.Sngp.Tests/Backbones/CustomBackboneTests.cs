using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Data;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;
using MLNet.Sngp.Tests.Contracts;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Backbones;

/// <summary>Networks of somebody else's: every kind of module in the graph as under TorchSharp, and a training as any other.</summary>
[TestClass]
public class CustomBackboneTests
{
    private static readonly long[] Picture = [3, 9, 9];
    private static readonly long[] Vector = [12];

    private static readonly Dictionary<string, (long[] Shape, Func<nn.Module<Tensor, Tensor>> Create)> Kinds = new()
    {
        ["Linear, ReLU"] = (Vector, () => nn.Sequential(nn.Linear(12, 8), nn.ReLU())),
        ["Linear without bias"] = (Vector, () => nn.Linear(12, 8, hasBias: false)),
        ["Linear on three dimensions"] = ([4, 3], () => nn.Sequential(nn.Linear(3, 5), nn.Tanh(), nn.Flatten())),
        ["GELU"] = (Vector, () => nn.Sequential(nn.Linear(12, 8), nn.GELU())),
        ["GELU by tanh"] = (Vector, () => nn.Sequential(nn.Linear(12, 8), new TanhGelu().Make())),
        ["SiLU, Sigmoid, Tanh"] =
        (Vector, () => nn.Sequential(nn.Linear(12, 8), nn.SiLU(), nn.Linear(8, 8), nn.Sigmoid(), nn.Linear(8, 8), nn.Tanh())),
        ["LayerNorm"] = (Vector, () => nn.Sequential(nn.Linear(12, 8), nn.LayerNorm(8))),
        ["LayerNorm over two dimensions"] = ([4, 3], () => nn.Sequential(nn.LayerNorm([4, 3]), nn.Flatten())),
        ["LayerNorm without parameters"] = (Vector, () => nn.Sequential(nn.LayerNorm(12, elementwise_affine: false), nn.Linear(12, 8))),
        ["Dropout"] = (Vector, () => nn.Sequential(nn.Linear(12, 8), nn.Dropout(0.5), nn.ReLU())),
        ["Conv2d"] = (Picture, () => nn.Sequential(nn.Conv2d(3, 4, 3, padding: 1), nn.ReLU(), nn.Flatten())),
        ["Conv2d, strides, dilation, groups"] = (Picture, () =>
        nn.Sequential(nn.Conv2d(3, 6, (3, 2), stride: (2, 1), padding: (1, 0), dilation: (1, 2), groups: 3, bias: false), nn.Flatten())),
        ["BatchNorm2d"] = (Picture, () => nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.ReLU(), nn.Flatten())),
        ["BatchNorm2d without parameters"] = (Picture, () => nn.Sequential(nn.BatchNorm2d(3, affine: false), nn.Flatten())),
        ["MaxPool2d"] = (Picture, () => nn.Sequential(nn.MaxPool2d(3, stride: 2, padding: 1), nn.Flatten())),
        ["MaxPool2d, rounded up"] = (Picture, () => nn.Sequential(nn.MaxPool2d(2, ceil_mode: true), nn.Flatten())),
        ["AvgPool2d"] = (Picture, () => nn.Sequential(nn.AvgPool2d(2), nn.Flatten())),
        ["AvgPool2d with padding"] =
        (Picture, () => nn.Sequential(nn.AvgPool2d(3, stride: 2, padding: 1, count_include_pad: true), nn.Flatten())),
        ["AvgPool2d without padding in its mean"] =
        (Picture, () => nn.Sequential(nn.AvgPool2d(3, stride: 2, padding: 1, count_include_pad: false), nn.Flatten())),
        ["AdaptiveAvgPool2d"] = (Picture, () => nn.Sequential(nn.Conv2d(3, 5, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten())),
        ["Embedding"] = ([5], () => nn.Sequential(nn.Embedding(11, 4), nn.Flatten(), nn.Linear(20, 8))),
        ["Residual, SpectralNormalization"] = (Vector, () =>
        nn.Sequential(
        nn.Linear(12, 8), new Residual(nn.Sequential(new SpectralNormalization(nn.Linear(8, 8), bound: 0.9), nn.ReLU(), nn.Dropout(0.2))))),
        ["bounded convolution"] = (Picture, () =>
        nn.Sequential(
        new Residual(new SpectralNormalization(nn.Conv2d(3, 3, 3, padding: 1), 9, 9, bound: 0.9)), nn.AdaptiveAvgPool2d(1), nn.Flatten())),
        ["Sequential in Sequential"] =
        (Vector, () => nn.Sequential(nn.Sequential(nn.Linear(12, 8), nn.ReLU()), nn.Sequential(nn.Identity(), nn.Linear(8, 4)))),
        ["IOnnxModule"] = (Vector, () => nn.Sequential(nn.Linear(12, 8), new Absolute())),
    };

    private readonly MLContext _ml = new(1);

    public static IEnumerable<object[]> Names => Kinds.Keys.Select(name => new object[] { name });

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void TheGraphOfEachKindEqualsItsModule(string name)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var (shape, create) = Kinds[name];
        var width = (int)shape.Aggregate(1L, (product, size) => product * size);
        var options = new SngpOptions { Backbone = Backbone.Custom(_ => create()), Head = NetworkHead.Dense };
        using var network = Network.Create(options, Categorical.Instance, shape, 3, 1, CPU, _ => 1);
        Disturb(network);
        network.Evaluate();
        var input = Input(name, width);
        var logits = network.Logits(input);
        using var graph = new GraphRun(network.Graph(options, width, 3));
        GraphRun.AssertClose(logits, graph.Run(input)["Logits"], 1e-5 * Math.Max(1, logits.abs().max().item<float>()));
    }

    [TestMethod]
    public void TorchsGlobalGeneratorStaysAsItIs()
    {
        using var scope = NewDisposeScope();
        var before = torch.get_rng_state();
        var options = Options(Backbone.Custom(_ => nn.Sequential(nn.Dropout(0.5), new Absolute())));
        using var model = _ml.Sngp().Multiclass(options).Fit(Data("", Vector, 60));
        Assert.IsTrue(before.Equals(torch.get_rng_state()) || before.eq(torch.get_rng_state()).all().item<bool>());
    }

    [TestMethod]
    public void NoTensorIsLeftByItsSteps()
    {
        var (shape, create) = Kinds["Residual, SpectralNormalization"];
        var data = Data("", shape, 60);
        long Left(int epochs)
        {
            var options = Options(Backbone.Custom(_ => create()));
            options.Training.NumberOfEpochs = epochs;
            var before = LiveTensors.Count;
            _ml.Sngp().Multiclass(options).Fit(data).Dispose();
            return LiveTensors.Count - before;
        }
        // What TorchSharp miscounts is the same for trainings of any length.
        Assert.AreEqual(Left(1), Left(8));
    }

    [TestMethod]
    [DynamicData(nameof(Names))]
    public void EachKindTrainsAndItsFileScoresAlike(string name)
    {
        var (shape, create) = Kinds[name];
        var options = Options(Backbone.Custom(given =>
        {
            CollectionAssert.AreEqual(shape, given);
            return create();
        }));
        var data = Data(name, shape, 60);
        using var model = _ml.Sngp().Multiclass(options).Fit(data);
        using var stream = new MemoryStream();
        model.SaveAsOnnx(stream);
        OnnxRun.Keep(stream.ToArray(), "custom-" + name);
        // The file takes rows as vectors.
        var alone = OnnxRun.Run(stream.ToArray(), Data(name, [shape.Aggregate(1L, (product, size) => product * size)], 60));
        var scored = model.Transform(data);
        CollectionAssert.AreEqual(scored.GetColumn<float>("Variance").ToArray(), (float[])alone["Variance"]);
        CollectionAssert.AreEqual(scored.GetColumn<float[]>("Score").SelectMany(row => row).ToArray(), (float[])alone["Score"]);
        Assert.IsTrue(scored.GetColumn<float>("Variance").All(float.IsFinite));
        TransformerContract.Check(model, data, 60);
    }

    [TestMethod]
    [DataRow("Residual, SpectralNormalization", false)]
    [DataRow("BatchNorm2d", false)]
    [DataRow("Dropout", true)]
    public void TheSameSeedGivesTheSameBytes(string name, bool isThinned)
    {
        var (shape, create) = Kinds[name];
        byte[] Train(int seed)
        {
            byte[] bytes = [];
            ModelBytes.WithOneThread(() =>
            {
                var options = Options(Backbone.Custom(_ => create()));
                (options.Seed, options.NumberOfDropoutPasses) = (seed, isThinned ? 3 : null);
                var model = _ml.Sngp().Multiclass(options).Fit(Data(name, shape, 60));
                bytes = ModelBytes.Of(model);
            });
            return bytes;
        }
        var first = Train(1);
        CollectionAssert.AreEqual(first, Train(1));
        CollectionAssert.AreNotEqual(first, Train(2));
    }

    [TestMethod]
    public void ATrainingGoesOnFromItsCheckpointWithTheStatisticsOfItsBatches()
    {
        using var folder = new TemporaryFolder();
        var (shape, create) = Kinds["BatchNorm2d"];
        byte[] Train(int epochs, string? path)
        {
            byte[] bytes = [];
            ModelBytes.WithOneThread(() =>
            {
                var options = Options(Backbone.Custom(_ => create()));
                (options.Training.NumberOfEpochs, options.Training.CheckpointPath) = (epochs, path);
                options.Training.LearningRateSchedule = LearningRateSchedule.Constant;
                var model = _ml.Sngp().Multiclass(options).Fit(Data("", shape, 60));
                bytes = ModelBytes.Of(model);
            });
            return bytes;
        }
        var whole = Train(6, null);
        Train(2, folder.File("state"));
        CollectionAssert.AreEqual(whole, Train(6, folder.File("state")));
    }

    [TestMethod]
    public void OtherModulesAreRefusedByNameBeforeARowIsRead()
    {
        var read = false;
        var view = new GeneratedView(50, 12) { Features = _ => { read = true; return default; } };
        Refuse(() => nn.Sequential(("first", nn.Linear(12, 8)), ("odd", nn.Softplus())), "odd (Softplus)", "IOnnxModule", "Linear, Conv2d");
        Refuse(() => nn.Sequential(new Residual(nn.Sequential(nn.ELU()))), "0.branch.0 (ELU)");
        Refuse(() => nn.Sequential(nn.Linear(12, 8), nn.Flatten(start_dim: 0)), "1 (Flatten)");
        Refuse(() => nn.Linear(7, 8), "cannot take rows of the dimensions [12]");
        Refuse(() => nn.Sequential(nn.LayerNorm(12), new Outer()), "one vector for each row");
        Refuse(() => null!, "gave null");
        Assert.IsFalse(read);

        void Refuse(Func<nn.Module<Tensor, Tensor>> create, params string[] because)
        {
            var error =
                Assert.ThrowsExactly<NotSupportedException>(() => _ml.Sngp().Multiclass(Options(Backbone.Custom(_ => create()))).Fit(view));
            Array.ForEach(because, part => Assert.Contains(part, error.Message));
        }
    }

    [TestMethod]
    public void WhatIsNoNumberHasNoScoreAlthoughAModuleWouldDropIt()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var name in new[] { "Linear, ReLU", "MaxPool2d", "Embedding" })
        {
            var (shape, create) = Kinds[name];
            var width = (int)shape.Aggregate(1L, (product, size) => product * size);
            var options = new SngpOptions { Backbone = Backbone.Custom(_ => create()), Head = NetworkHead.Dense };
            using var network = Network.Create(options, Categorical.Instance, shape, 3, 1, CPU, _ => 1);
            using var graph = new GraphRun(network.Graph(options, width, 3));
            foreach (var value in new[] { float.NaN, float.PositiveInfinity, float.NegativeInfinity })
            {
                var input = Input(name, width);
                input[4, 1] = tensor(value);
                var scores = graph.Run(input)["Score"];
                for (var row = 0; row < input.shape[0]; row++)
                    Assert.AreEqual(row == 4, float.IsNaN(scores[3 * row]), $"{name}, row {row}");
            }
        }
    }

    [TestMethod]
    public void EveryFiniteRowHasAFiniteScore()
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        foreach (var name in new[] { "Linear, ReLU", "LayerNorm", "Conv2d", "Residual, SpectralNormalization" })
        {
            var (shape, create) = Kinds[name];
            var width = (int)shape.Aggregate(1L, (product, size) => product * size);
            var options = new SngpOptions { Backbone = Backbone.Custom(_ => create()) , Head = NetworkHead.Dense };
            using var network = Network.Create(options, Categorical.Instance, shape, 3, 1, CPU, _ => 1);
            using var graph = new GraphRun(network.Graph(options, width, 3));
            foreach (var factor in new[] { 1e10f, 1e30f, 3e38f })
                Assert.IsTrue(graph.Run(Input(name, width).sign().mul(factor))["Score"].All(float.IsFinite), name);
        }
    }

    [TestMethod]
    public void ThePassesOfACustomNetworkDiffer()
    {
        var (shape, create) = Kinds["Dropout"];
        var options = Options(Backbone.Custom(_ => create()));
        options.NumberOfDropoutPasses = 4;
        using var model = _ml.Sngp().Multiclass(options).Fit(Data("", shape, 60));
        Assert.IsTrue(model.Transform(Data("", shape, 20)).GetColumn<float>("EnsembleVariance").All(variance => variance > 0));
        options.Backbone = Backbone.Custom(_ => Kinds["GELU"].Create());
        Assert.Contains("no dropout", Assert.ThrowsExactly<InvalidOperationException>(
            () => _ml.Sngp().Multiclass(options).Fit(Data("", shape, 60))).Message);
    }

    [TestMethod]
    public void WeightsThatAreTrainedAlreadyAreKept()
    {
        var kept = nn.Linear(12, 8);
        using (no_grad())
            kept.weight.fill_(0.25f.ToScalar());
        kept.weight.requires_grad = false;
        kept.bias!.requires_grad = false;
        var values = kept.weight.data<float>().ToArray();
        var options = Options(Backbone.Custom(_ =>
        {
            var layer = nn.Linear(12, 8);
            layer.load_state_dict(kept.state_dict());
            layer.weight.requires_grad = false;
            layer.bias!.requires_grad = false;
            return nn.Sequential(layer, nn.ReLU(), nn.Linear(8, 8));
        }, initialize: false));
        using var model = _ml.Sngp().Multiclass(options).Fit(Data("", Vector, 60));
        var weight = MLNet.Sngp.Onnx.ModelProto.Parser.ParseFrom(model.Model.Onnx.Span)
            .Graph.Initializer.Single(tensor => tensor.Name == "backbone/0/weight");
        CollectionAssert.AreEqual(values.Order().ToArray(), System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(
            weight.RawData.Span).ToArray().Order().ToArray());
    }

    private static SngpOptions Options(Backbone backbone) => new()
    {
        Backbone = backbone,
        GaussianProcess = { NumberOfRandomFeatures = 32 },
        Training = { NumberOfEpochs = 3, BatchSize = 16, Device = TrainingDevice.Cpu },
        Seed = 1,
    };

    // So that no gain is 1 and no mean 0.
    private static void Disturb(Network network)
    {
        var seed = 5;
        foreach (var (name, part) in network.State)
        {
            if (part.dtype == ScalarType.Float32)
                part.add_(Initial.Gaussian(new SeededRandom(seed++, RandomPurpose.NetworkWeights), part.shape, CPU).mul(0.1).abs());
        }
    }

    private static Tensor Input(string name, int width) => name == "Embedding"
        ? arange(10 * width, dtype: ScalarType.Float32).remainder(11).view(10, width)
        : Initial.Gaussian(new SeededRandom(9, RandomPurpose.NetworkWeights), [10, width], CPU);

    private IDataView Data(string name, long[] shape, int count)
    {
        var width = (int)shape.Aggregate(1L, (product, size) => product * size);
        var random = new SeededRandom(3, RandomPurpose.RowOrder);
        var rows = Enumerable.Range(0, count).Select(i => new Row
        {
            Features = [.. Enumerable.Range(0, width)
                .Select(_ => name == "Embedding" ? random.NextInt32(11) : (float)random.NextGaussian() + (i % 2))],
            Label = i % 2 == 0 ? "even" : "odd",
        }).ToArray();
        var definition = SchemaDefinition.Create(typeof(Row));
        definition["Features"].ColumnType = new VectorDataViewType(NumberDataViewType.Single, shape.Select(size => (int)size).ToArray());
        var data = _ml.Data.LoadFromEnumerable(rows, definition);
        return _ml.Transforms.Conversion.MapValueToKey("Label").Fit(data).Transform(data);
    }

    private sealed class Row
    {
        public float[] Features { get; set; } = [];

        public string Label { get; set; } = "";
    }

    /// <summary>A module of a user's that writes itself.</summary>
    private sealed class Absolute() : nn.Module<Tensor, Tensor>(nameof(Absolute)), IOnnxModule
    {
        public override Tensor forward(Tensor input) => input.abs();

        public string AddTo(OnnxGraphBuilder graph, string input) => graph.Node("absolute", "Abs", [input]);
    }

    private sealed class Outer() : nn.Module<Tensor, Tensor>(nameof(Outer)), IOnnxModule
    {
        public override Tensor forward(Tensor input) => input.unsqueeze(1);

        public string AddTo(OnnxGraphBuilder graph, string input) => input;
    }

    private sealed class TanhGelu
    {
        public nn.Module<Tensor, Tensor> Make() => (nn.Module<Tensor, Tensor>)Activator.CreateInstance(typeof(TorchSharp.Modules.GELU),
            System.Reflection.BindingFlags.NonPublic | System.Reflection.BindingFlags.Instance, null,
            [false, TorchSharp.Modules.GELU.Approximate.tanh], null)!;
    }
}
