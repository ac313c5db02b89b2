using System;
using System.Globalization;
using System.Numerics;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Reads a value; false when the text is none (the value is then the type's missing value, if it has one).</summary>
internal delegate bool TextParser<T>(ReadOnlySpan<char> text, out T value);

internal static class TextValues
{
    /// <summary>Whether a text that cannot be read gives a missing value; for other types it is an error.</summary>
    public static bool HasMissing(PrimitiveDataViewType type)
        => type is KeyDataViewType || type.RawType == typeof(float) || type.RawType == typeof(double);

    public static TextParser<T> ParserOf<T>(PrimitiveDataViewType type, char decimalMarker, bool emptyIsMissing)
    {
        var marker = decimalMarker == '.' ? CultureInfo.InvariantCulture.NumberFormat : new NumberFormatInfo { NumberDecimalSeparator = ",", NumberGroupSeparator = "." };
        Delegate parser = type switch
        {
            KeyDataViewType key => KeyParser<T>(key.Count),
            TextDataViewType => throw new NotSupportedException(),
            BooleanDataViewType => (TextParser<bool>)TryParseBoolean,
            TimeSpanDataViewType => (TextParser<TimeSpan>)((ReadOnlySpan<char> s, out TimeSpan v) => TimeSpan.TryParse(s, CultureInfo.InvariantCulture, out v)),
            DateTimeDataViewType => (TextParser<DateTime>)((ReadOnlySpan<char> s, out DateTime v) => DateTime.TryParse(s, CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out v)),
            DateTimeOffsetDataViewType => (TextParser<DateTimeOffset>)((ReadOnlySpan<char> s, out DateTimeOffset v) => DateTimeOffset.TryParse(s,
                CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out v)),
            _ when typeof(T) == typeof(float) => RealParser<float>(marker, emptyIsMissing),
            _ when typeof(T) == typeof(double) => RealParser<double>(marker, emptyIsMissing),
            _ => Generic.CallStatic<Delegate>(typeof(TextValues), nameof(IntegerParser), typeof(T)),
        };
        return (TextParser<T>)parser;
    }

    private static TextParser<T> RealParser<T>(NumberFormatInfo format, bool emptyIsMissing) where T : INumberBase<T>
    {
        var missing = T.CreateChecked(double.NaN);
        return (ReadOnlySpan<char> text, out T value) =>
        {
            if (text.IsWhiteSpace())
            {
                value = emptyIsMissing ? missing : T.Zero;
                return true;
            }
            if (T.TryParse(text, NumberStyles.Float, format, out value))
                return true;
            value = missing;
            return IsMissing(text.Trim());
        };
    }

    private static TextParser<T> IntegerParser<T>() where T : INumber<T>, IMinMaxValue<T>
        => (ReadOnlySpan<char> text, out T value) =>
        {
            value = T.Zero;
            return !text.StartsWith("+") && T.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);
        };

    // In a file keys count from zero.
    private static TextParser<T> KeyParser<T>(ulong count) => (ReadOnlySpan<char> text, out T value) =>
    {
        var isNumber = ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index < count;
        value = (T)Convert.ChangeType(isNumber ? index + 1 : 0, typeof(T));
        return isNumber || IsMissing(text);
    };

    private static bool TryParseBoolean(ReadOnlySpan<char> text, out bool value)
    {
        bool IsOneOf(ReadOnlySpan<char> s, string[] words)
        {
            foreach (var word in words)
                if (s.Equals(word, StringComparison.OrdinalIgnoreCase))
                    return true;
            return false;
        }
        value = IsOneOf(text, ["t", "y", "1", "+", "+1", "yes", "true"]);
        return value || text.IsEmpty || IsOneOf(text, ["f", "n", "0", "-", "-1", "no", "false"]);
    }

    private static bool IsMissing(ReadOnlySpan<char> text)
        => text.IsEmpty || text is "?" || text.Equals("NA", StringComparison.OrdinalIgnoreCase)
            || text.Equals("N/A", StringComparison.OrdinalIgnoreCase) || text.Equals("NaN", StringComparison.OrdinalIgnoreCase);
}
