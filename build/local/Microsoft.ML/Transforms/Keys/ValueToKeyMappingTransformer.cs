using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Maps values to keys; values that were not learnt become key 0.</summary>
[LoadableClass(Signature)]
public sealed class ValueToKeyMappingTransformer : OneToOneTransformerBase
{
    private const string Signature = "TermTransform";
    private readonly KeyDictionary[] _dictionaries;
    private readonly bool[] _asText;

    internal ValueToKeyMappingTransformer(IHostEnvironment env, ValueToKeyMappingEstimator.ColumnOptions[] columns, KeyDictionary[] dictionaries)
        : this(env, columns.Select(c => (c.OutputColumnName, c.InputColumnName)).ToArray(), dictionaries,
            columns.Select(c => c.AddKeyValueAnnotationsAsText).ToArray())
    {
    }

    private ValueToKeyMappingTransformer(IHostEnvironment env, (string, string)[] pairs, KeyDictionary[] dictionaries, bool[] asText)
        : base(env.Register("Term"), pairs)
    {
        _dictionaries = dictionaries;
        _asText = asText;
    }

    internal IReadOnlyList<KeyDictionary> Dictionaries => _dictionaries;

    private protected override MappedColumn Bind(DataViewSchema.Column input, int pair)
    {
        KeyLearner.CheckType(input);
        var (dictionary, output) = (_dictionaries[pair], ColumnPairs[pair].outputColumnName);
        var item = input.Type.GetItemType();
        Contracts.Check(item.Equals(dictionary.ItemType),
            $"Could not apply a map over type '{dictionary.ItemType}' to column '{output}' since it has type '{item}'");
        DataViewType type = input.Type is VectorDataViewType vector ? new VectorDataViewType(dictionary.KeyType, vector.Dimensions) : dictionary.KeyType;
        var annotations = new DataViewSchema.Annotations.Builder();
        dictionary.Annotate(annotations, input, _asText[pair]);
        annotations.Add(input.Annotations, name => name == AnnotationKinds.SlotNames);
        return new MappedColumn(new DataViewSchema.DetachedColumn(output, type, annotations.ToAnnotations()), input.Index,
            row => dictionary.MakeGetter(row, input));
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader(Signature, typeof(ValueToKeyMappingTransformer).Assembly);
        SaveColumns(ctx);
        for (int i = 0; i < _dictionaries.Length; i++)
        {
            ctx.Writer.Write(_asText[i]);
            KeyDictionaryStorage.Write(ctx.Writer, _dictionaries[i]);
        }
    }

    private static ValueToKeyMappingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        var pairs = LoadColumns(ctx);
        var asText = new bool[pairs.Length];
        var dictionaries = new KeyDictionary[pairs.Length];
        for (int i = 0; i < pairs.Length; i++)
        {
            asText[i] = ctx.Reader.ReadBoolean();
            dictionaries[i] = KeyDictionaryStorage.Read(ctx.Reader);
        }
        return new ValueToKeyMappingTransformer(env, pairs, dictionaries, asText);
    }
}
