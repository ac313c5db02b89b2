using System.Reflection;
using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Scoring;

/// <summary>Goes through a scored table of which no column of the model is active: nothing is scored and no features are needed.</summary>
internal sealed class PassThroughCursor(DataViewRowCursor input, ScoredSchema schema, bool[] active)
    : ScoredRowCursor(input, schema, active)
{
    public override long Batch => Input.Batch;

    public override ValueGetter<DataViewRowId> GetIdGetter() => Input.GetIdGetter();

    protected override bool MoveNextCore() => Input.MoveNext();

    protected override Delegate GetGetterCore(DataViewSchema.Column column) =>
        InputGetter.Create(Input, Input.Schema[Columns.InputOf(column.Index)]);
}

/// <summary>Takes the getter of an input column whose type is known only at run time.</summary>
internal static class InputGetter
{
    private static readonly MethodInfo Generic = ((Func<DataViewRow, DataViewSchema.Column, ValueGetter<int>>)Create<int>)
        .Method.GetGenericMethodDefinition();

    public static Delegate Create(DataViewRow input, DataViewSchema.Column column) =>
        (Delegate)Generic.MakeGenericMethod(column.Type.RawType)
            .Invoke(null, BindingFlags.DoNotWrapExceptions, null, [input, column], null)!;

    private static ValueGetter<T> Create<T>(DataViewRow input, DataViewSchema.Column column) => input.GetGetter<T>(column);
}
