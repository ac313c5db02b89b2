using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>A column of a user's class: its name and type in data views, and the member that holds it.</summary>
internal sealed class UserColumn(string name, DataViewType type, MemberInfo member, DataViewSchema.Annotations annotations)
{
    public string Name => name;

    public DataViewType Type => type;

    public MemberInfo Member => member;

    public DataViewSchema.Annotations Annotations => annotations;
}

internal static class UserColumns
{
    /// <summary>The columns of a class as its members declare them, or as a definition says.</summary>
    public static UserColumn[] Of(Type userType, SchemaDefinition definition, SchemaDefinition.Direction direction)
        => (definition ?? SchemaDefinition.Create(userType, direction)).Select(c => Resolve(userType, c)).Where(c => c != null).ToArray();

    public static DataViewSchema SchemaOf(IEnumerable<UserColumn> columns)
    {
        var builder = new DataViewSchema.Builder();
        foreach (var column in columns)
            builder.AddColumn(column.Name, column.Type, column.Annotations);
        return builder.ToSchema();
    }

    /// <summary>A class's definition with the types and annotations of a data view's schema.</summary>
    public static SchemaDefinition DefinitionFor(Type userType, DataViewSchema schema)
    {
        var definition = SchemaDefinition.Create(userType, SchemaDefinition.Direction.Read);
        foreach (var column in schema)
        {
            var own = definition[column.Name];
            Contracts.Check(own != null, $"Type should contain a member named {column.Name}");
            own.ColumnType = column.Type;
            own.CopyAnnotations(column.Annotations);
        }
        return definition;
    }

    private static UserColumn Resolve(Type userType, SchemaDefinition.Column column)
    {
        var member = UserMembers.Find(userType, column.MemberName);
        Contracts.CheckParam(member != null, "userSchemaDefinition", $"No field or property with name '{column.MemberName}' found in type '{userType.FullName}'");
        if (UserMembers.TypeOf(member) == typeof(IChannel))
            return null;
        var name = string.IsNullOrEmpty(column.ColumnName) ? column.MemberName : column.ColumnName;
        var (raw, isVector) = UserMembers.ItemOf(member);
        var type = column.ColumnType ?? (isVector ? new VectorDataViewType(ColumnTypes.FromRaw(raw)) : ColumnTypes.FromRaw(raw));
        Contracts.CheckParam(isVector == type is VectorDataViewType, "userSchemaDefinition",
            $"Column '{name}' is supposed to be {Shape(type is VectorDataViewType)}, but type of associated field '{column.MemberName}' is {Shape(isVector)}");
        Contracts.CheckParam(type.GetItemType().RawType == raw, "userSchemaDefinition",
            $"Column '{name}' is supposed to have item type {type.GetItemType().RawType}, but associated field has type {raw}");
        return new UserColumn(name, type, member, column.Annotations);
    }

    private static string Shape(bool isVector) => isVector ? "vector" : "scalar";
}
