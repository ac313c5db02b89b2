using System.Globalization;
using Microsoft.ML;
using Microsoft.ML.Data;
using MLNet.Sngp.Tool.Tables;

namespace MLNet.Sngp.Tool.Models;

/// <summary>A column of the predictions and how it is written, each field after a comma.</summary>
/// <param name="Column">The column.</param>
/// <param name="Headers">A header for each of its fields.</param>
/// <param name="Writer">Makes what writes the fields of the cursor's row.</param>
internal sealed record ResultColumn(
    DataViewSchema.Column Column, IReadOnlyList<string> Headers, Func<DataViewRowCursor, Action<TextWriter>> Writer)
{
    public static IReadOnlyList<ResultColumn> Of(DataViewSchema schema, ModelFile model)
    {
        var labels = model.Sngp.Model.Labels.Names;
        return model.Card.IsRegression
            ? [.. ((string[])["Score", "Variance", "NoiseVariance", "Lower", "Upper"]).Select(Number)]
            : [Label(), Scores(), Number("Variance"), Number("Uncertainty")];

        ResultColumn Number(string name)
        {
            var column = schema[name];
            return new(column, [name], cursor =>
            {
                var get = cursor.GetGetter<float>(column);
                return file =>
                {
                    float value = 0;
                    get(ref value);
                    Write(file, value);
                };
            });
        }

        ResultColumn Label() => new(schema["PredictedLabel"], ["PredictedLabel"], cursor =>
        {
            var get = cursor.GetGetter<uint>(schema["PredictedLabel"]);
            return file =>
            {
                uint key = 0;
                get(ref key);
                file.Write("," + (key == 0 ? "" : Csv.Field(labels[(int)key - 1])));
            };
        });

        ResultColumn Scores() => new(schema["Score"], [.. labels.Select(name => Csv.Field("Score." + name))], cursor =>
        {
            var get = cursor.GetGetter<VBuffer<float>>(schema["Score"]);
            VBuffer<float> values = default;
            return file =>
            {
                get(ref values);
                foreach (var value in values.DenseValues())
                    Write(file, value);
            };
        });
    }

    private static void Write(TextWriter file, float value)
    {
        file.Write(',');
        file.Write(value.ToString(CultureInfo.InvariantCulture));
    }
}
