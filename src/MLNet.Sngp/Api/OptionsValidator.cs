using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Reflection;
using MLNet.Sngp.Likelihoods;

namespace MLNet.Sngp;

/// <summary>Checks options against the ranges that their attributes state, and against each other.</summary>
internal static partial class OptionsValidator
{
    /// <summary>Throws one exception that lists every option that cannot be followed.</summary>
    /// <exception cref="ArgumentException">An option is out of range, or contradicts another; the message names all of them.</exception>
    public static void ThrowIfInvalid(SngpOptions options, string parameterName, Likelihood likelihood)
    {
        ArgumentNullException.ThrowIfNull(options, parameterName);
        var problems = OutOfRange(options).ToList();
        // Groups that are missing cannot be compared.
        if (problems.Count == 0 || options is { Backbone: not null, GaussianProcess: not null, Posterior: not null, Training: not null })
            problems.AddRange(Contradictions(options, likelihood));
        if (problems.Count > 0)
            throw new ArgumentException(
                $"{problems.Count} of the options cannot be used:{Environment.NewLine}- "
                + $"{string.Join(Environment.NewLine + "- ", problems)}", parameterName);
    }

    private static IEnumerable<string> OutOfRange(SngpOptions options)
    {
        foreach (var option in OptionReader.All(options))
        {
            foreach (var rule in option.Property.GetCustomAttributes<ValidationAttribute>())
            {
                if (!rule.IsValid(option.Value))
                    yield return $"{option.Path} is {Show(option.Value)}; {Requirement(rule)}";
            }
        }
    }

    private static string Requirement(ValidationAttribute rule) => rule switch
    {
        RangeAttribute range =>
            $"it must be {(range.MinimumIsExclusive ? "above" : "at least")} {Show(range.Minimum)} and "
            + $"{(range.MaximumIsExclusive ? "below" : "at most")} {Show(range.Maximum)}.",
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
