using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Data;
using MLNet.Sngp.Layers;
using MLNet.Sngp.Likelihoods;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Own;

/// <summary>A likelihood of somebody else's in one file: counts y ~ Poisson(exp(l)), with the columns Rate, Variance and IsRare.</summary>
internal sealed class CountLikelihood : Likelihood
{
    public override LabelReader Labels { get; } = new Counts();

    public override int CountOutputs(int numberOfClasses) => 1;

    public override Tensor Loss(Tensor outputs, Tensor labels)
    {
        using var scope = NewDisposeScope();
        var logRate = outputs.squeeze(1);
        return scope.MoveToOuter(logRate.exp().sub(labels.mul(logRate)).add(labels.add(1).lgamma()));
    }

    public override Tensor Curvature(PosteriorOptions options, Tensor outputs)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(outputs.detach().to(ScalarType.Float64).exp());
    }

    public override IReadOnlyList<OutputColumn> Columns(SngpOptions options, int numberOfOutputs) =>
        [new("Rate", ColumnKind.Single), new(ColumnNames.Variance, ColumnKind.Single), new("IsRare", ColumnKind.Boolean),
            new("LogRate", ColumnKind.Single, 1, IsVector: true)];

    public override void AddColumns(OnnxGraphBuilder graph, Predictions predictions, SngpOptions options, int numberOfOutputs, int seed)
    {
        var logRate = predictions.AddMean(graph, "LogRate", predictions.Outputs);
        predictions.AddMean(graph, ColumnNames.Variance, predictions.Variance!);
        var rate = graph.Node("Rate", "Exp", [logRate]);
        graph.Node("IsRare", "Less", [rate, graph.Constant("one", [1f], 1)]);
    }

    private sealed class Counts : LabelReader
    {
        public override string? Complaint(ColumnShape label, string name) => label
            is { IsVector: false, IsKey: false, ItemType: NumberDataViewType } && label.ItemType == NumberDataViewType.Single
            ? null
            : $"The label column '{name}' is {label}; it must be a Single. Convert it with Transforms.Conversion.ConvertType.";

        public override Func<float> Getter(DataViewRow row, DataViewSchema.Column label)
        {
            var get = row.GetGetter<float>(label);
            var value = 0f;
            return () =>
            {
                get(ref value);
                return value;
            };
        }

        public override string? Complaint(float label, int numberOfClasses) => label >= 0 && label == MathF.Floor(label)
            ? null
            : FormattableString.Invariant($"holds {label}; counts are whole numbers from 0. Remove such rows.");
    }
}
