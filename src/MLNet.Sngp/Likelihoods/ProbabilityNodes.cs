using MLNet.Sngp.Layers;

namespace MLNet.Sngp.Likelihoods;

/// <summary>From logits and their variance to the probabilities of classes, the three ways that a posterior is turned into them.</summary>
internal static class ProbabilityNodes
{
    // exp(60)·logit is finite for every logit below 3e12, and the softmax of such logits is 0 or 1.
    private const float LargestPoissonExponent = 60;

    /// <summary>Adds the probabilities that each network gives.</summary>
    /// <param name="graph">The graph.</param>
    /// <param name="networks">The logits and their variance.</param>
    /// <param name="options">How the variance is taken into account.</param>
    /// <param name="numberOfClasses">K.</param>
    /// <param name="seed">Fixes the draws of a Monte Carlo average.</param>
    /// <returns>p, shape [N, K] or [M, N, K], and the logits of which it is the softmax, or null where it is a mean.</returns>
    public static (string Probabilities, string? Logits) Add(
        OnnxGraphBuilder graph, Predictions networks, PosteriorOptions options, int numberOfClasses, int seed)
    {
        graph.Graph.Overridable(ColumnNames.Temperature, 1);
        if (networks.Variance is null)
            return Softmax(graph, "tempered", networks.Outputs, ColumnNames.Temperature);
        if (options.PosteriorSamples is { } samples)
            return (AddMonteCarlo(graph, networks, PosteriorDraws.Create(samples, numberOfClasses, options.Likelihood, seed), samples,
                numberOfClasses), null);
        graph.Graph.Overridable(ColumnNames.MeanFieldFactor, (float)(options.MeanFieldFactor ?? 0));
        var isPoisson = options.Likelihood == GaussianProcessLikelihood.Poisson;
        var variance = networks.References is null || isPoisson ? networks.Variance : AddFar(graph, networks, options.FarRowFactor);
        var scaled = graph.Node("mean_field/scaled_variance", "Mul", [variance, ColumnNames.MeanFieldFactor]);
        return isPoisson ? AddPoisson(graph, networks.Outputs, scaled) : AddMeanField(graph, networks.Outputs, scaled);
    }

    /// <summary>σ² + c·max(σ²/r − 1, 0), r from the training rows, with (x + |x|)/2 for max(x, 0): it hands on what is no number on
    /// every runtime.</summary>
    private static string AddFar(OnnxGraphBuilder graph, Predictions networks, double factor)
    {
        float[] inverses = [.. networks.References!.Select(reference => (float)(1 / reference))];
        var ratio = graph.Node("mean_field/ratio", "Mul", [networks.Variance!, graph.Constant(
            "mean_field/inverse_reference", inverses, networks.Count == 1 ? [1] : [networks.Count, 1, 1])]);
        var difference = graph.Node("mean_field/difference", "Add", [ratio, graph.Constant("mean_field/minus_one", [-1f], 1)]);
        var sum = graph.Node("mean_field/sum", "Add", [difference, graph.Node("mean_field/magnitude", "Abs", [difference])]);
        var far = graph.Node("mean_field/far", "Mul", [sum, graph.Constant("mean_field/half_factor", [(float)(factor / 2)], 1)]);
        return graph.Node("mean_field/variance", "Add", [networks.Variance!, far]);
    }

    /// <summary>softmax(logits / (T·√(1 + λσ²))), each class with its own σ² where there are several; in place of σ² what
    /// <see cref="AddFar"/> makes of it.</summary>
    /// <remarks>Lu, Ie and Sha 2020, "Mean-field approximation to Gaussian-softmax integral". λ and T are what calibration
    /// changes.</remarks>
    private static (string, string) AddMeanField(OnnxGraphBuilder graph, string logits, string scaledVariance)
    {
        var square = graph.Node("mean_field/square", "Add", [scaledVariance, graph.Constant("mean_field/one", [1f], 1)]);
        var root = graph.Node("mean_field/root", "Sqrt", [square]);
        return Softmax(graph, "mean_field", logits, graph.Node("mean_field/divisor", "Mul", [root, ColumnNames.Temperature]));
    }

    /// <summary>softmax(logits·exp(λσ²/2) / T), the references' form for the Poisson likelihood.</summary>
    private static (string, string) AddPoisson(OnnxGraphBuilder graph, string logits, string scaledVariance)
    {
        var exponent = graph.Node("mean_field/exponent", "Mul", [scaledVariance, graph.Constant("mean_field/half", [0.5f], 1)]);
        var safe = graph.Node("mean_field/safe_exponent", "Min",
            [exponent, graph.Constant("mean_field/largest_exponent", [LargestPoissonExponent], 1)]);
        var scaled = graph.Node("mean_field/scaled_logits", "Mul", [logits, graph.Node("mean_field/factor", "Exp", [safe])]);
        return Softmax(graph, "mean_field", scaled, ColumnNames.Temperature);
    }

    /// <summary>Σₛ softmax((logits + σ·εₛ) / T)/n with ε constant in the graph. T is what calibration changes.</summary>
    /// <remarks>Liu et al. 2020, Algorithm 1.</remarks>
    private static string AddMonteCarlo(OnnxGraphBuilder graph, Predictions networks, float[] draws, int samples, int numberOfClasses)
    {
        // […, N, 1, K] and […, N, 1, 1 or K] against [1, n, K].
        var axis = networks.Count == 1 ? 1L : 2L;
        var deviation = graph.Node("monte_carlo/deviation", "Sqrt", [networks.Variance!]);
        var rowDeviation = graph.Node("monte_carlo/row_deviation", "Unsqueeze", [deviation], ("axes", new[] { axis }));
        var rowLogits = graph.Node("monte_carlo/row_logits", "Unsqueeze", [networks.Outputs], ("axes", new[] { axis }));
        var noise =
            graph.Node("monte_carlo/noise", "Mul", [rowDeviation, graph.Constant("monte_carlo/draws", draws, 1, samples, numberOfClasses)]);
        var (probabilities, _) =
            Softmax(graph, "monte_carlo", graph.Node("monte_carlo/drawn", "Add", [rowLogits, noise]), ColumnNames.Temperature);
        return graph.Node("monte_carlo/mean", "ReduceMean", [probabilities], ("axes", new[] { axis }), ("keepdims", 0L));
    }

    private static (string Probabilities, string Logits) Softmax(OnnxGraphBuilder graph, string name, string logits, string divisor)
    {
        var divided = graph.Node(name + "/logits", "Div", [logits, divisor]);
        return (graph.Node(name + "/probabilities", "Softmax", [divided], ("axis", -1L)), divided);
    }
}
