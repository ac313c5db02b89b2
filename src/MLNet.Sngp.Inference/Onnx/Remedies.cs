using Microsoft.ML;
using Microsoft.ML.Transforms;
using Microsoft.ML.Transforms.Text;

namespace MLNet.Sngp.Onnx;

/// <summary>What a user can do about a step that cannot be part of an ONNX file.</summary>
internal static class Remedies
{
    private const string General = "Apply this step to the data before the pipeline, so that its result becomes an input of the graph.";

    /// <summary>Sentences with what helps for the kind of step, where something does, and what helps for all.</summary>
    public static string For(ITransformer step) => Own(step) is { } own ? $"{own}. Or a{General[1..]}" : General;

    private static string? Own(ITransformer step) => step switch
    {
        HashingTransformer or OneHotHashEncodingTransformer => "Encode with a dictionary, OneHotEncoding, instead of hashing",
        LpNormNormalizingTransformer =>
        "Take NormalizeLpNorm with the norm L2 and without ensureZeroMean, or NormalizeMeanVariance or NormalizeMinMax",
        NormalizingTransformer => "Take NormalizeMeanVariance, NormalizeMinMax or NormalizeRobustScaling",
        OneHotEncodingTransformer =>
        "Take OneHotEncoding with outputKind Indicator or Bag, and for a column that is a key already MapKeyToVector",
        // Fit of FeaturizeText gives a private type.
        _ when step.GetType().DeclaringType == typeof(TextFeaturizingEstimator) =>
            "Give FeaturizeText options under which it does not normalise the text: CaseMode = None, KeepDiacritics = true, "
            + "KeepPunctuations = true, KeepNumbers = true",
        _ => null,
    };
}
