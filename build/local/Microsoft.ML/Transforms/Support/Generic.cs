using System;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Microsoft.ML.Transforms;

/// <summary>Calls a generic method whose type argument is a column's raw type, known only at run time.</summary>
internal static class Generic
{
    /// <param name="sample">The method, closed over any type; its own type argument is replaced by <paramref name="raw"/>.</param>
    /// <param name="raw">The raw type.</param>
    /// <param name="arguments">The method's arguments.</param>
    public static TResult Call<TResult>(Delegate sample, Type raw, params object[] arguments)
    {
        var method = sample.Method.GetGenericMethodDefinition().MakeGenericMethod(raw);
        try
        {
            return (TResult)method.Invoke(sample.Target, arguments);
        }
        catch (TargetInvocationException wrapped) when (wrapped.InnerException != null)
        {
            ExceptionDispatchInfo.Capture(wrapped.InnerException).Throw();
            throw;
        }
    }
}
