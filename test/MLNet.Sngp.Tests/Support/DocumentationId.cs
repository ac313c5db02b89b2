using System.Reflection;

namespace MLNet.Sngp.Tests.Support;

/// <summary>The names by which compilers and analysers know methods, as in <c>M:System.Math.Abs(System.Int32)</c>.</summary>
internal static class DocumentationId
{
    public static string Of(MethodBase method)
    {
        var parameters = method.GetParameters();
        var arity = method.IsGenericMethod ? $"``{method.GetGenericArguments().Length}" : "";
        var list = parameters.Length == 0 ? "" : $"({string.Join(',', parameters.Select(parameter => Of(parameter.ParameterType)))})";
        var result = method is MethodInfo { Name: "op_Implicit" or "op_Explicit" } conversion ? "~" + Of(conversion.ReturnType) : "";
        return $"M:{Of(method.DeclaringType!)}.{method.Name.Replace('.', '#')}{arity}{list}{result}";
    }

    private static string Of(Type type)
    {
        if (type.IsByRef)
            return Of(type.GetElementType()!) + "@";
        if (type.IsArray)
            return Of(type.GetElementType()!) + "[]";
        if (type.IsGenericParameter)
            return (type.DeclaringMethod is null ? "`" : "``") + type.GenericParameterPosition;
        if (!type.IsConstructedGenericType)
            return type.FullName!.Replace('+', '.');
        return type.GetGenericTypeDefinition().FullName!.Split('`')[0].Replace('+', '.')
                + $"{{{string.Join(',', type.GetGenericArguments().Select(Of))}}}";
    }
}
