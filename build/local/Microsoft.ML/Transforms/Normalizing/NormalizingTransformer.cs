using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Applies what a <see cref="NormalizingEstimator"/> learnt.</summary>
[LoadableClass(Signature)]
public sealed class NormalizingTransformer : OneToOneTransformerBase
{
    private const string Signature = "Normalizer";
    private readonly ColumnFunction[] _functions;
    private readonly DataViewType[] _types;

    internal NormalizingTransformer(IHostEnvironment env, (string Output, string Input, DataViewType Type, ColumnFunction Function)[] columns)
        : base(env.Register(nameof(NormalizingTransformer)), columns.Select(c => (c.Output, c.Input)).ToArray())
    {
        _types = columns.Select(c => c.Type).ToArray();
        _functions = columns.Select(c => c.Function).ToArray();
    }

    internal IReadOnlyList<ColumnFunction> Functions => _functions;

    public NormalizerModelParametersBase GetNormalizerModelParameters(int index)
    {
        Contracts.CheckParam(index >= 0 && index < _functions.Length, nameof(index),
            $"Not valid. Valid range is from 0 (inclusive) to {_functions.Length} (exclusive) but got {index}.");
        return _functions[index].Parameters;
    }

    private protected override MappedColumn Bind(DataViewSchema.Column input, int pair)
    {
        const string expected = "scalar or known-size vector of Single";
        if (input.Type is VectorDataViewType { IsKnownSize: false })
            throw Contracts.ExceptMismatch("input", input.Name, expected, "variable-size vector");
        var item = input.Type.GetItemType();
        if (!item.Equals(NumberDataViewType.Single) && !item.Equals(NumberDataViewType.Double))
            throw Contracts.ExceptMismatch("input", input.Name, expected, input.Type.ToString());
        var annotations = new DataViewSchema.Annotations.Builder();
        annotations.AddPrimitiveValue(AnnotationKinds.IsNormalized, BooleanDataViewType.Instance, true);
        annotations.Add(input.Annotations, name => name == AnnotationKinds.SlotNames);
        return new MappedColumn(new DataViewSchema.DetachedColumn(ColumnPairs[pair].outputColumnName, _types[pair], annotations.ToAnnotations()),
            input.Index, row => _functions[pair].MakeGetter(row, input));
    }

    private protected override void SaveModel(ModelSaveContext ctx)
    {
        ctx.SetLoader(Signature, typeof(NormalizingTransformer).Assembly);
        SaveColumns(ctx);
        for (int i = 0; i < _functions.Length; i++)
        {
            var dimensions = (_types[i] as VectorDataViewType)?.Dimensions.ToArray() ?? System.Array.Empty<int>();
            ctx.Writer.Write(dimensions.Length);
            foreach (int size in dimensions)
                ctx.Writer.Write(size);
            ctx.Writer.Write(_types[i].GetItemType().RawType == typeof(float));
            _functions[i].Save(ctx.Writer);
        }
    }

    private static NormalizingTransformer Create(IHostEnvironment env, ModelLoadContext ctx)
        => new(env, LoadColumns(ctx).Select(pair =>
        {
            var dimensions = Enumerable.Range(0, ctx.Reader.ReadInt32()).Select(_ => ctx.Reader.ReadInt32()).ToArray();
            var item = ctx.Reader.ReadBoolean() ? NumberDataViewType.Single : NumberDataViewType.Double;
            DataViewType type = dimensions.Length == 0 ? item : new VectorDataViewType(item, dimensions);
            return (pair.outputColumnName, pair.inputColumnName, type, ColumnFunction.Load(ctx.Reader));
        }).ToArray());

    public abstract class NormalizerModelParametersBase
    {
        private protected NormalizerModelParametersBase()
        {
        }
    }

    /// <summary>(x − <see cref="Offset"/>) · <see cref="Scale"/>.</summary>
    public sealed class AffineNormalizerModelParameters<TData> : NormalizerModelParametersBase
    {
        internal AffineNormalizerModelParameters(TData scale, TData offset)
        {
            Scale = scale;
            Offset = offset;
        }

        public TData Scale { get; }

        public TData Offset { get; }
    }

    /// <summary>The normal distribution function.</summary>
    public sealed class CdfNormalizerModelParameters<TData> : NormalizerModelParametersBase
    {
        internal CdfNormalizerModelParameters(TData mean, TData standardDeviation, bool useLog)
        {
            Mean = mean;
            StandardDeviation = standardDeviation;
            UseLog = useLog;
        }

        public TData Mean { get; }

        public TData StandardDeviation { get; }

        public bool UseLog { get; }
    }
}
