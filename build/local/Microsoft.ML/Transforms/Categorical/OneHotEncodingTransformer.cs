using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>What a <see cref="OneHotEncodingEstimator"/> learnt: a chain, and saved as one.</summary>
public sealed class OneHotEncodingTransformer : ITransformer
{
    internal OneHotEncodingTransformer(TransformerChain<ITransformer> chain) => Chain = chain;

    internal TransformerChain<ITransformer> Chain { get; }

    bool ITransformer.IsRowToRowMapper => ((ITransformer)Chain).IsRowToRowMapper;

    public DataViewSchema GetOutputSchema(DataViewSchema inputSchema) => Chain.GetOutputSchema(inputSchema);

    public IDataView Transform(IDataView input) => Chain.Transform(input);

    IRowToRowMapper ITransformer.GetRowToRowMapper(DataViewSchema inputSchema) => ((ITransformer)Chain).GetRowToRowMapper(inputSchema);

    void ICanSaveModel.Save(ModelSaveContext ctx) => ((ICanSaveModel)Chain).Save(ctx);
}
