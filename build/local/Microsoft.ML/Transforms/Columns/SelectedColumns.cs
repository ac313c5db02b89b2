using System.Collections.Generic;
using System.Linq;
using Microsoft.ML.Data;

namespace Microsoft.ML.Transforms;

/// <summary>Which input column each output column is.</summary>
internal sealed class SelectedColumns : IRowToRowMapper
{
    private readonly int[] _source;

    public SelectedColumns(DataViewSchema input, int[] source)
    {
        _source = source;
        InputSchema = input;
        var builder = new DataViewSchema.Builder();
        builder.AddColumns(source.Select(i => new DataViewSchema.DetachedColumn(input[i])));
        Output = builder.ToSchema();
    }

    public DataViewSchema InputSchema { get; }

    public DataViewSchema Output { get; }

    DataViewSchema IRowToRowMapper.OutputSchema => Output;

    public DataViewSchema.Column Source(int output) => InputSchema[_source[output]];

    public IEnumerable<DataViewSchema.Column> GetDependencies(IEnumerable<DataViewSchema.Column> dependingColumns)
        => dependingColumns.Select(c => _source[c.Index]).Distinct().OrderBy(i => i).Select(i => InputSchema[i]).ToArray();

    public DataViewRow GetRow(DataViewRow input, IEnumerable<DataViewSchema.Column> activeColumns) => new SelectedColumnsRow(input, this);
}
