using System;
using System.Collections.Generic;
using System.Linq;
using System.Reflection;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Data;

/// <summary>Text files as data views. Header names become slot names only when the loader is given a sample of the data.</summary>
public sealed partial class TextLoader : IDataLoader<IMultiStreamSource>
{
    private readonly IHost _host;
    private readonly TextFields _fields;
    private readonly TextColumn[] _columns;
    private readonly Options _options;
    private readonly DataViewSchema _schema;

    internal TextLoader(IHostEnvironment env, Options options, IMultiStreamSource dataSample)
    {
        _host = env.Register("TextLoader");
        _options = options ?? new Options();
        _fields = new TextFields(_options);
        var sample = dataSample ?? new MultiFileSource();
        var header = string.IsNullOrWhiteSpace(_options.HeaderFile) ? null : new MultiFileSource(_options.HeaderFile);
        var columns = _options.Columns is { Length: > 0 } given ? given
            : [new Column("Label", DataKind.Single, 0), new Column("Features", DataKind.Single, [new Range(1, null)])];
        _columns = TextColumn.Bind(columns, () => InputSize(sample));
        var names = HeaderOf(header, sample);
        var builder = new DataViewSchema.Builder();
        foreach (var column in _columns)
            builder.AddColumn(column.Name, column.Type, names == null ? null : column.Annotations(names));
        _schema = builder.ToSchema();
    }

    /// <summary>A loader as it was saved.</summary>
    internal TextLoader(IHostEnvironment env, Options options, TextColumn[] columns, DataViewSchema schema)
    {
        _host = env.Register("TextLoader");
        _options = options;
        _fields = new TextFields(options);
        _columns = columns;
        _schema = schema;
    }

    public DataViewSchema GetOutputSchema() => _schema;

    public IDataView Load(IMultiStreamSource source)
    {
        Contracts.CheckValue(source, nameof(source));
        return new TextDataView(_host, _options, _fields, _columns, _schema, source);
    }

    void ICanSaveModel.Save(ModelSaveContext ctx) => TextLoaderModel.Save(ctx, _options, _columns, _schema);

    internal static TextLoader Create<TInput>(IHostEnvironment env, Options options, IMultiStreamSource dataSample)
    {
        var members = UserTypeMembers(typeof(TInput));
        Contracts.CheckParam(members.Length > 0, nameof(TInput), "Should define at least one public, readable field or property in TInput.");
        options.Columns = members.Select(ColumnOf).ToArray();
        return new TextLoader(env, options, dataSample);
    }

    private static MemberInfo[] UserTypeMembers(Type type)
        => [.. type.GetFields(BindingFlags.Public | BindingFlags.Instance),
            .. type.GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(p => p.GetGetMethod() != null && p.GetIndexParameters().Length == 0)];

    private static Column ColumnOf(MemberInfo member)
    {
        var source = member.GetCustomAttribute<LoadColumnAttribute>()
            ?? throw new InvalidOperationException($"{(member is FieldInfo ? "Field" : "Property")} '{member.Name}' is missing the LoadColumnAttribute attribute");
        var type = UserMembers.TypeOf(member);
        var item = type.IsArray ? type.GetElementType() : type;
        Contracts.Check(ColumnTypes.FromRawOrNull(item) != null, $"Field {member.Name} is of unsupported type.");
        return new Column
        {
            Name = member.GetCustomAttribute<ColumnNameAttribute>()?.Name ?? member.Name,
            Source = source.Sources,
            KeyCount = member.GetCustomAttribute<KeyTypeAttribute>()?.KeyCount,
            DataKind = ColumnTypes.KindOf(item),
        };
    }

    private string[] HeaderOf(MultiFileSource headerFile, IMultiStreamSource sample)
    {
        var source = headerFile ?? (_options.HasHeader ? sample : null);
        if (source == null)
            return null;
        var line = TextLines.Read(source, hasHeader: false, _options).Select(l => l.Text).FirstOrDefault();
        if (line == null)
            return null;
        var fields = _fields.Split(line, out _, out _);
        var names = new string[fields.Count == 0 ? 0 : fields.Max(f => f.Index) + 1];
        foreach (var field in fields)
            names[field.Index] = field.Text.ToString().Trim();
        return names;
    }

    private int InputSize(IMultiStreamSource sample)
    {
        if (_options.InputSize is > 0 and { } size)
            return size;
        var sizes = TextLines.Read(sample, hasHeader: false, _options).Take(100)
            .Select(l => { _fields.Split(l.Text, out var count, out _); return count; }).Where(n => n > 0).Distinct().ToArray();
        Contracts.CheckParam(sizes.Length > 0, "Source", "Can't determine the number of source columns without valid data");
        Contracts.CheckParam(sizes.Length == 1, "Source", "The size of input lines is not consistent");
        return sizes[0];
    }
}
