using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using MLNet.Sngp.Export;

namespace MLNet.Sngp;

/// <summary>Checks options against the ranges that their attributes state.</summary>
internal static class OptionsValidator
{
    /// <summary>Throws one exception that lists every option out of range.</summary>
    /// <exception cref="ArgumentException">An option is out of range; the message names all of them.</exception>
    public static void ThrowIfInvalid(NetworkTrainerOptions options, string parameterName)
    {
        ArgumentNullException.ThrowIfNull(options, parameterName);
        var problems = Problems(options).ToList();
        if (problems.Count > 0)
            throw new ArgumentException($"{problems.Count} of the options cannot be used:{Environment.NewLine}- {string.Join(Environment.NewLine + "- ", problems)}", parameterName);
    }

    private static IEnumerable<string> Problems(NetworkTrainerOptions options)
    {
        foreach (var property in options.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance))
        {
            var value = property.GetValue(options);
            foreach (var rule in property.GetCustomAttributes<ValidationAttribute>())
            {
                if (!rule.IsValid(value))
                    yield return $"{property.Name} is {Show(value)}; {Requirement(rule)}";
            }
        }
        if (PredictionOutputs.Names.Contains(options.FeatureColumnName))
            yield return $"{nameof(options.FeatureColumnName)} is \"{options.FeatureColumnName}\", a name that the ONNX graph uses itself; rename the column with Transforms.CopyColumns.";
        foreach (var contradiction in options.Contradictions())
            yield return contradiction;
    }

    private static string Requirement(ValidationAttribute rule) => rule switch
    {
        RangeAttribute range => $"it must be {(range.MinimumIsExclusive ? "above" : "at least")} {Show(range.Minimum)} and {(range.MaximumIsExclusive ? "below" : "at most")} {Show(range.Maximum)}.",
        EnumDataTypeAttribute named => $"it must be one of {string.Join(", ", Enum.GetNames(named.EnumType))}.",
        _ => "it must be given.",
    };

    private static string Show(object? value) => value switch
    {
        null => "null",
        string text => $"\"{text}\"",
        _ => Convert.ToString(value, CultureInfo.InvariantCulture)!,
    };
}
