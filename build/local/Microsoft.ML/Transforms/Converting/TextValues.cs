using System;
using System.Globalization;
using System.Numerics;

namespace Microsoft.ML.Transforms;

/// <summary>Reads values from text as ML.NET's type conversion does. The empty text is zero, or false.</summary>
internal static class TextValues
{
    /// <summary>NaN for what is not a number.</summary>
    public static T ToReal<T>(ReadOnlySpan<char> text) where T : struct, IBinaryFloatingPointIeee754<T>
    {
        if (text.IsEmpty)
            return T.Zero;
        return T.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) ? value : T.NaN;
    }

    public static T ToInteger<T>(ReadOnlySpan<char> text) where T : struct, IBinaryInteger<T>
    {
        if (text.IsEmpty)
            return T.Zero;
        return T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value)
            ? value : throw new InvalidOperationException($"Value could not be parsed from text to {typeof(T).Name}.");
    }

    public static bool ToBoolean(ReadOnlySpan<char> text)
    {
        foreach (var word in new[] { "t", "y", "1", "+", "+1", "yes", "true" })
            if (text.Equals(word, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }
}
