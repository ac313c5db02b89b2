using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>The members of a user's class that are columns: public fields first, then public properties, in declared order.</summary>
internal static class UserMembers
{
    public static IEnumerable<MemberInfo> Of(Type type, SchemaDefinition.Direction direction)
    {
        var fields = type.GetFields(BindingFlags.Public | BindingFlags.Instance).Cast<MemberInfo>();
        var properties = type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
            .Where(p => p.GetIndexParameters().Length == 0 && Allows(p, direction));
        return fields.Concat(properties)
            .Where(m => TypeOf(m) != typeof(IChannel) && m.GetCustomAttribute<NoColumnAttribute>() == null);
    }

    public static MemberInfo Find(Type type, string name) => (MemberInfo)type.GetField(name) ?? type.GetProperty(name);

    public static Type TypeOf(MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    /// <summary>The raw type of a member's items, and whether it is an array or a <see cref="VBuffer{T}"/>.</summary>
    public static (Type Raw, bool IsVector) ItemOf(MemberInfo member)
    {
        var type = TypeOf(member);
        var isVector = type.IsArray || (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(VBuffer<>));
        var item = !isVector ? type : type.IsArray ? type.GetElementType() : type.GetGenericArguments()[0];
        if (item == typeof(string))
            item = typeof(ReadOnlyMemory<char>);
        Contracts.CheckParam(ColumnTypes.FromRawOrNull(item) != null, "rawType",
            $"Could not determine an IDataView type and registered custom types for member {member.Name}");
        return (item, isVector);
    }

    private static bool Allows(PropertyInfo property, SchemaDefinition.Direction direction)
        => (direction.HasFlag(SchemaDefinition.Direction.Read) && property.GetGetMethod() != null)
            || (direction.HasFlag(SchemaDefinition.Direction.Write) && property.GetSetMethod() != null);
}
