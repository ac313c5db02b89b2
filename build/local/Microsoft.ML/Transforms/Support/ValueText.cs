using System;
using System.Globalization;

namespace Microsoft.ML.Transforms;

/// <summary>How ML.NET writes a value where a text is asked for in place of it.</summary>
internal static class ValueText
{
    public static Func<T, string> Writer<T>()
    {
        if (typeof(T) == typeof(bool))
            return value => (bool)(object)value ? "1" : "0";
        if (typeof(T) == typeof(float))
            return value => (float)(object)value is var single && float.IsNaN(single) ? "?" : single.ToString("R", CultureInfo.InvariantCulture);
        if (typeof(T) == typeof(double))
            return value => (double)(object)value is var real && double.IsNaN(real) ? "?" : real.ToString("G17", CultureInfo.InvariantCulture);
        if (typeof(T) == typeof(TimeSpan))
            return value => ((TimeSpan)(object)value).ToString("c", CultureInfo.InvariantCulture);
        if (typeof(T) == typeof(DateTime))
            return value => ((DateTime)(object)value).ToString("o", CultureInfo.InvariantCulture);
        if (typeof(T) == typeof(DateTimeOffset))
            return value => ((DateTimeOffset)(object)value).ToString("o", CultureInfo.InvariantCulture);
        return value => Convert.ToString(value, CultureInfo.InvariantCulture);
    }
}
