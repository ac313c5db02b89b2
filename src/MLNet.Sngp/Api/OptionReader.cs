using System.Reflection;
using MLNet.Sngp.Likelihoods;

namespace MLNet.Sngp;

/// <summary>Lists options with those of their groups.</summary>
internal static class OptionReader
{
    /// <summary>An option.</summary>
    /// <param name="Property">Its declaration, with its range.</param>
    /// <param name="Group">The name of the group that it is in; empty for none.</param>
    /// <param name="Value">Its value; of a group, or a backbone, the type's name.</param>
    /// <param name="Default">The value that it has where nobody sets it.</param>
    internal readonly record struct Option(PropertyInfo Property, string Group, object? Value, object? Default)
    {
        public string Name => Property.Name;

        /// <summary>Where to set it.</summary>
        public string Path => Group.Length == 0 ? Name : $"{Group}.{Name}";
    }

    /// <summary>Every option; group by group.</summary>
    public static IEnumerable<Option> All(SngpOptions options)
    {
        var defaults = new SngpOptions();
        foreach (var property in Properties(options))
        {
            var value = property.GetValue(options);
            if (!IsGroup(property))
            {
                yield return new Option(property, "", value, property.GetValue(defaults));
                continue;
            }
            // What is missing is told as such; a backbone is named by its type.
            if (value is null or Backbone)
                yield return new Option(property, "", value?.GetType().Name, nameof(ResidualMlp));
            foreach (var option in value is null ? [] : Properties(value))
                yield return new Option(option, property.Name, option.GetValue(value), option.GetValue(Default(value!)));
        }
    }

    /// <summary>The options that the method makes use of.</summary>
    public static IEnumerable<Option> Used(SngpOptions options, Likelihood likelihood) =>
        All(options).Where(option => WhyIgnored(options, option, likelihood) is null);

    /// <summary>What the method lacks to make use of an option; null where it makes use of it.</summary>
    public static string? WhyIgnored(SngpOptions options, Option option, Likelihood likelihood) => option.Group switch
    {
        nameof(SngpOptions.GaussianProcess) or nameof(SngpOptions.Posterior) when options.Head == NetworkHead.Dense =>
        $"with {nameof(SngpOptions.Head)} {options.Head}",
        nameof(SngpOptions.Backbone) when options.Backbone?.IsIgnored(option.Name) == true =>
        $"without a {nameof(ResidualMlp.SpectralNormBound)}",
        _ => likelihood.WhyIgnored(option),
    };

    private static PropertyInfo[] Properties(object group) => group.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance);

    private static bool IsGroup(PropertyInfo property) =>
        property.PropertyType == typeof(Backbone)
            || (property.PropertyType.IsClass && property.PropertyType.Namespace == typeof(SngpOptions).Namespace);

    private static object Default(object group) => group is Backbone backbone
        ? backbone.WithDefaults()
        : Activator.CreateInstance(group.GetType())!;
}
