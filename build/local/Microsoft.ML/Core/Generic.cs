using System;
using System.Reflection;
using System.Runtime.ExceptionServices;

namespace Microsoft.ML.Runtime;

/// <summary>Calls generic methods whose type argument is known only at run time.</summary>
internal static class Generic
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic;

    public static TResult Call<TResult>(object target, string method, Type typeArgument, params object[] args)
        => (TResult)Invoke(target.GetType(), target, method, [typeArgument], args);

    public static TResult CallStatic<TResult>(Type owner, string method, Type typeArgument, params object[] args)
        => (TResult)Invoke(owner, null, method, [typeArgument], args);

    public static object Invoke(Type owner, object target, string method, Type[] typeArguments, object[] args)
    {
        try
        {
            return owner.GetMethod(method, Any).MakeGenericMethod(typeArguments).Invoke(target, args);
        }
        catch (TargetInvocationException ex)
        {
            ExceptionDispatchInfo.Throw(ex.InnerException);
            throw;
        }
    }
}
