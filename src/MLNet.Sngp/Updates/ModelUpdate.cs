using Microsoft.ML;
using MLNet.Sngp.Onnx;
using MLNet.Sngp.Posterior;
using MLNet.Sngp.Training;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Updates;

/// <summary>Gives a model the posterior of more rows. The network stays as it is, up to its random features.</summary>
internal static class ModelUpdate
{
    private const string Train = "train with Posterior.Updatable = true";

    /// <summary>The model with the posterior of new rows besides.</summary>
    public static UncertaintyModel Update(UncertaintyModel model, IDataView rows, Action<string> warn, CancellationToken cancellation)
    {
        var state = StateOf(model);
        TorchLibrary.Require();
        var proto = model.ToProto();
        var graph = new FrozenGraph(proto);
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        RowSums added;
        using (var features = new RowFeatures(model, graph, state.Amplitude))
        {
            var read = NewRows.Read(model, rows, features, warn, cancellation);
            added = model.NumberOfClasses > 0 || state.Trained.NumberOfOutputs > 1
                ? OfClasses(state, read, cancellation.ThrowIfCancellationRequested)
                : OfNumbers(state.Ridge, graph, read, cancellation.ThrowIfCancellationRequested);
            added = added.Marked(read.Labels);
        }
        if (state.Added?.Tables.Intersect(added.Tables).Any() == true)
            warn("The model has taken in the same rows before; they count twice now.");
        return Write(model, proto, graph, state.With(added), cancellation.ThrowIfCancellationRequested);
    }

    /// <summary>The model with the posterior of all rows that any of the models has taken in.</summary>
    public static UncertaintyModel Merge(IReadOnlyList<UncertaintyModel> models, CancellationToken cancellation)
    {
        if (models.Count == 0)
            throw new ArgumentException("There are no models to merge. Give one at least.", nameof(models));
        var states = models.Select(StateOf).ToList();
        TorchLibrary.Require();
        var protos = models.Select(model => model.ToProto()).ToList();
        var graphs = protos.Select(proto => new FrozenGraph(proto)).ToList();
        var different = graphs.FindIndex(graph => graph.Fingerprint != graphs[0].Fingerprint);
        if (different >= 0)
            throw new ArgumentException(FormattableString.Invariant(
                $"Model {different} (counted from 0) has other frozen layers than model 0, so that their posteriors are of other random ")
                + "features. Merge models that Update made of one trained model, or train one on the rows of all.", nameof(models));
        ThrowIfCommon([.. states.Select(state => state.Added?.Tables ?? [])]);
        // The network's own rows and the prior are in each of them, and count once.
        var all = states[0] with { Added = null };
        foreach (var added in states.Select(state => state.Added).OfType<RowSums>())
            all = all.With(added);
        return Write(models[0], protos[0], graphs[0], all, cancellation.ThrowIfCancellationRequested);
    }

    private static void ThrowIfCommon(IReadOnlyList<double[]> tables)
    {
        for (var i = 0; i < tables.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                if (tables[i].Intersect(tables[j]).Any())
                    throw new ArgumentException(FormattableString.Invariant($"Models {j} and {i} (counted from 0) ")
                        + "have taken in the same rows, which would count twice. Merge models of different rows; one that was updated "
                        + "further has the rows from before too, so leave out what it came from.", "models");
            }
        }
    }

    private static UpdatableState StateOf(UncertaintyModel model)
    {
        if (model.Outputs.FirstOrDefault(output => output.IsFitted) is { } fitted)
            throw new ArgumentException(
                $"Column '{fitted.Name}' was fitted to the model as it is and would not hold of another. Give the model before that step, "
                + "and "
                + "fit Novelty, ConformalSets and Decide to what the new one scores.", nameof(model));
        return UpdatableState.Read(model.ToProto().Graph) ?? throw new ArgumentException(
            $"The model does not keep what new rows are learned from; {Train}.", nameof(model));
    }

    private static UncertaintyModel Write(
        UncertaintyModel model, ModelProto proto, FrozenGraph graph, UpdatableState state, Action throwIfCancelled)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var posterior = state.All.ToPosterior(state.Ridge, throwIfCancelled);
        var (weights, noise) = Solve(state.All, posterior);
        posterior.Weaken(noise ?? 1);
        var variance = posterior.Variance(state.Tolerance * Math.Min(1, noise ?? 1), state.LargestSquaredNorm);
        graph.Write(weights, variance, noise, state);
        var unit = graph.Label.Unit;
        var options = new List<(string, double)> { (nameof(TrainedValues.Jitter), variance.Jitter) };
        if (noise is { } level)
            options.Add((nameof(TrainedValues.NoiseVariance), level * unit * unit));
        ModelMetadata.SetOptions(proto, [.. options]);
        return new UncertaintyModel(proto);
    }

    /// <summary>The posterior's mean, shape [M, P], and a regression's noise.</summary>
    internal static (Tensor Weights, double? Noise) Solve(RowSums sums, LaplacePosterior posterior)
    {
        using var scope = NewDisposeScope();
        using var noGradient = no_grad();
        var products = sums.ProductsTensor();
        if (sums.Weight > 0)
        {
            var (mean, noise) = new PosteriorMean(products, sums.Squares, sums.Weight).Solve(posterior, NoiseEstimate.Smallest);
            return (scope.MoveToOuter(mean), noise);
        }
        return (scope.MoveToOuter(Inverse(posterior)(products)), null);
    }

    /// <summary>What the rows add to the sums of a regression: those of its exact posterior.</summary>
    private static RowSums OfNumbers(double ridge, FrozenGraph graph, NewRows rows, Action throwIfCancelled)
    {
        var (centre, unit, bias) = graph.Label;
        using var shift = (-centre).ToScalar();
        using var scale = (1 / unit).ToScalar();
        using var constant = (-bias).ToScalar();
        var targets = rows.Labels.add(shift, HeldScalars.One).mul(scale).add(constant, HeldScalars.One);
        var posterior = Gather(ridge, rows, throwIfCancelled);
        var mean = new PosteriorMean(rows.Features.shape[1], CPU);
        mean.Add(rows.Features, targets, rows.Weights.squeeze(1));
        return RowSums.Of(posterior, mean.Products, mean.Squares, mean.Weight);
    }

    /// <summary>What the rows add to the sums of a classifier: its mean is that of the Laplace objective with the old posterior as
    /// prior.</summary>
    private static RowSums OfClasses(UpdatableState state, NewRows rows, Action throwIfCancelled)
    {
        var before = state.All.ToPosterior(state.Ridge, throwIfCancelled);
        var old = Solve(state.All, before).Weights;
        var prior = before.Precision[0];
        var gathered = Gather(state.Ridge, rows, throwIfCancelled);
        before.Sum.add_(gathered.Sum, HeldScalars.One);
        var truth = nn.functional.one_hot(rows.Labels.to(ScalarType.Int64), state.Trained.NumberOfOutputs).to(ScalarType.Float64);
        var weights = new SoftmaxNewton(rows.Features, truth, rows.Weights, prior, Inverse(before), throwIfCancelled).Minimize(old);
        return RowSums.Of(gathered, before.Precision[0].mm(weights).sub(prior.mm(old)), 0, 0);
    }

    private static LaplacePosterior Gather(double ridge, NewRows rows, Action throwIfCancelled)
    {
        var posterior = new LaplacePosterior(rows.Features.shape[1], ridge, CPU, throwIfCancelled: throwIfCancelled);
        posterior.Add(rows.Features, rows.Weights.squeeze(1));
        return posterior;
    }

    // Multiplies by P⁻¹.
    private static Func<Tensor, Tensor> Inverse(LaplacePosterior posterior)
    {
        var root = posterior.InverseFactor(1, out var prior);
        return values =>
        {
            using var scope = NewDisposeScope();
            using var inverse = (1 / prior).ToScalar();
            return scope.MoveToOuter(root.t().mm(root.mm(values)).mul(inverse));
        };
    }
}
