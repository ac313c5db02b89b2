using System.Linq;
using Microsoft.ML.Data;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>Learns a column's values and gives each a slot of its own. A mapping to keys and one from keys to vectors.</summary>
public sealed class OneHotEncodingEstimator : IEstimator<OneHotEncodingTransformer>
{
    public enum OutputKind : byte
    {
        Bag = 1,
        Indicator = 2,
        Key = 3,
        Binary = 4,
    }

    private readonly ValueToKeyMappingEstimator _toKey;
    private readonly KeyToVectorMappingEstimator _toVector;

    internal OneHotEncodingEstimator(IHostEnvironment env, (string Output, string Input)[] columns, OutputKind outputKind, int maximumNumberOfKeys,
        ValueToKeyMappingEstimator.KeyOrdinality keyOrdinality, IDataView keyData)
    {
        Contracts.CheckValue(env, nameof(env));
        Contracts.CheckParam(outputKind is OutputKind.Bag or OutputKind.Indicator or OutputKind.Key, nameof(outputKind),
            "The stand-in encodes as Bag, Indicator and Key only.");
        var host = env.Register(nameof(OneHotEncodingEstimator));
        _toKey = new ValueToKeyMappingEstimator(host, columns.Select(c =>
            new ValueToKeyMappingEstimator.ColumnOptions(c.Output, c.Input, maximumNumberOfKeys, keyOrdinality, true)).ToArray(), keyData);
        if (outputKind != OutputKind.Key)
            _toVector = new KeyToVectorMappingEstimator(host, outputKind == OutputKind.Bag, columns.Select(c => (c.Output, c.Output)).ToArray());
    }

    public OneHotEncodingTransformer Fit(IDataView input)
    {
        Contracts.CheckValue(input, nameof(input));
        return new OneHotEncodingTransformer(_toVector == null
            ? new TransformerChain<ITransformer>(_toKey.Fit(input))
            : new TransformerChain<ITransformer>(_toKey.Append(_toVector).Fit(input).ToArray()));
    }

    public SchemaShape GetOutputSchema(SchemaShape inputSchema)
    {
        var keys = _toKey.GetOutputSchema(inputSchema);
        return _toVector == null ? keys : _toVector.GetOutputSchema(keys);
    }
}
