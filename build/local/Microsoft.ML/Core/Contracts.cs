using System;

namespace Microsoft.ML.Runtime;

/// <summary>Argument and state checks, with the exception types that ML.NET throws for each.</summary>
internal static class Contracts
{
    public static void Check(bool condition, string message)
    {
        if (!condition)
            throw new InvalidOperationException(message);
    }

    public static void CheckParam(bool condition, string name, string message = null)
    {
        if (!condition)
            throw ExceptParam(name, message);
    }

    public static void CheckValue(object value, string name)
    {
        if (value is null)
            throw new ArgumentNullException(name);
    }

    public static void CheckNonEmpty(string value, string name)
    {
        if (string.IsNullOrEmpty(value))
            throw new ArgumentOutOfRangeException(name, $"{name} cannot be null or empty");
    }

    public static void CheckDecode(bool condition, string message)
    {
        if (!condition)
            throw new FormatException(message);
    }

    public static Exception ExceptParam(string name, string message = null)
        => message is null ? new ArgumentOutOfRangeException(name) : new ArgumentOutOfRangeException(name, message);

    public static Exception ExceptMissing(string role, string column, string parameter = "inputSchema")
        => new ArgumentOutOfRangeException(parameter, $"Could not find {role} column '{column}'");

    public static Exception ExceptMismatch(string role, string column, string expected, string actual, string parameter = "inputSchema")
        => new ArgumentOutOfRangeException(parameter, $"Schema mismatch for {role} column '{column}': expected {expected}, got {actual}");
}
