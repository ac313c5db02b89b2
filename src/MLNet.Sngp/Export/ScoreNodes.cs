using MLNet.Sngp.Data;
using MLNet.Sngp.Onnx;

namespace MLNet.Sngp.Export;

/// <summary>From Logits and Variance to Score, the three ways that a posterior is turned into probabilities.</summary>
internal static class ScoreNodes
{
    // exp(60)·logit is finite for every logit below 3e12, and the softmax of such logits is 0 or 1.
    private const float LargestPoissonExponent = 60;
    private const string AdjustedLogits = "mean_field/logits";

    /// <summary>Adds Score as the options say, and all that follows from it.</summary>
    public static void Add(OnnxGraph graph, int numberOfClasses, SngpTrainer.Options options, int seed, ClassificationTask task = ClassificationTask.Multiclass)
    {
        var score = task == ClassificationTask.Binary ? BinaryOutputs.Probabilities : ModelOutput.Score;
        if (options.PosteriorSamples is { } samples)
            AddMonteCarlo(graph, score, PosteriorDraws.Create(samples, numberOfClasses, options.Likelihood, seed), samples, numberOfClasses);
        else if (options.Likelihood == GaussianProcessLikelihood.Poisson)
            AddPoisson(graph, score, options.MeanFieldFactor ?? 0);
        else
            AddMeanField(graph, score, options.MeanFieldFactor ?? 0);
        if (task == ClassificationTask.Binary)
        {
            BinaryOutputs.Add(graph, options.PosteriorSamples is null ? AdjustedLogits : BinaryOutputs.LogProbabilities);
            return;
        }
        var isPerClass = options.Covariance == PosteriorCovariance.PerClass;
        // One divisor for all classes keeps their order, which single precision can lose in Score.
        var labelSource = isPerClass || options.PosteriorSamples is not null ? ModelOutput.Score : ModelOutput.Logits;
        PredictionOutputs.Add(graph, numberOfClasses, isPerClass ? numberOfClasses : 1, labelSource);
    }

    /// <summary>Score = softmax(logits / (T·√(1 + λσ²))), each class with its own σ² where there are several.</summary>
    /// <remarks>Lu, Ie and Sha 2020, "Mean-field approximation to Gaussian-softmax integral". λ and T are what calibration
    /// changes.</remarks>
    private static void AddMeanField(OnnxGraph graph, string score, double meanFieldFactor)
    {
        AddScaledVariance(graph, meanFieldFactor);
        graph.Node("Add", "mean_field/square", ["mean_field/scaled_variance", graph.Constant("mean_field/one", [1f], 1)]);
        graph.Node("Sqrt", "mean_field/root", ["mean_field/square"]);
        graph.Node("Mul", "mean_field/divisor", ["mean_field/root", ModelOutput.Temperature]);
        graph.Node("Div", AdjustedLogits, [ModelOutput.Logits, "mean_field/divisor"]);
        graph.Node("Softmax", score, [AdjustedLogits], [OnnxAttribute.Of("axis", 1)]);
    }

    /// <summary>Score = softmax(logits·exp(λσ²/2) / T), the references' form for the Poisson likelihood.</summary>
    private static void AddPoisson(OnnxGraph graph, string score, double meanFieldFactor)
    {
        AddScaledVariance(graph, meanFieldFactor);
        graph.Node("Mul", "mean_field/exponent", ["mean_field/scaled_variance", graph.Constant("mean_field/half", [0.5f], 1)]);
        graph.Node("Min", "mean_field/safe_exponent", ["mean_field/exponent", graph.Constant("mean_field/largest_exponent", [LargestPoissonExponent], 1)]);
        graph.Node("Exp", "mean_field/factor", ["mean_field/safe_exponent"]);
        graph.Node("Mul", "mean_field/scaled_logits", [ModelOutput.Logits, "mean_field/factor"]);
        graph.Node("Div", AdjustedLogits, ["mean_field/scaled_logits", ModelOutput.Temperature]);
        graph.Node("Softmax", score, [AdjustedLogits], [OnnxAttribute.Of("axis", 1)]);
    }

    private static void AddScaledVariance(OnnxGraph graph, double meanFieldFactor)
    {
        graph.Overridable(ModelOutput.MeanFieldFactor, (float)meanFieldFactor);
        graph.Overridable(ModelOutput.Temperature, 1);
        graph.Node("Mul", "mean_field/scaled_variance", [ModelOutput.Variance, ModelOutput.MeanFieldFactor]);
    }

    /// <summary>Score = Σₛ softmax((logits + σ·εₛ) / T)/n with ε constant in the graph. T is what calibration changes.</summary>
    /// <remarks>Liu et al. 2020, Algorithm 1.</remarks>
    private static void AddMonteCarlo(OnnxGraph graph, string score, float[] draws, int samples, int numberOfClasses)
    {
        graph.Overridable(ModelOutput.Temperature, 1);
        graph.Node("Sqrt", "monte_carlo/deviation", [ModelOutput.Variance]);
        // [N, 1, K] and [N, 1, 1 or K] against [1, n, K].
        graph.Node("Unsqueeze", "monte_carlo/row_deviation", ["monte_carlo/deviation"], [OnnxAttribute.Of("axes", new long[] { 1 })]);
        graph.Node("Unsqueeze", "monte_carlo/row_logits", [ModelOutput.Logits], [OnnxAttribute.Of("axes", new long[] { 1 })]);
        graph.Node("Mul", "monte_carlo/noise", ["monte_carlo/row_deviation", graph.Constant("monte_carlo/draws", draws, 1, samples, numberOfClasses)]);
        graph.Node("Add", "monte_carlo/logits", ["monte_carlo/row_logits", "monte_carlo/noise"]);
        graph.Node("Div", "monte_carlo/tempered", ["monte_carlo/logits", ModelOutput.Temperature]);
        graph.Node("Softmax", "monte_carlo/probabilities", ["monte_carlo/tempered"], [OnnxAttribute.Of("axis", 2)]);
        graph.Node("ReduceMean", score, ["monte_carlo/probabilities"], OnnxAttribute.Reduce(axis: 1, keepDimension: false));
    }
}
