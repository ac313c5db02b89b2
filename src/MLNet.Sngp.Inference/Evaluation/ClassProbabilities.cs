using Microsoft.ML;
using Microsoft.ML.Data;

namespace MLNet.Sngp.Evaluation;

/// <summary>
/// The label and the probabilities of scored data: a key and a vector, or a Boolean and the probability of true, which count as
/// the classes false and true.
/// </summary>
internal sealed class ClassProbabilities
{
    private readonly bool _isBinary;

    private ClassProbabilities(DataViewSchema.Column label, DataViewSchema.Column probabilities, bool isBinary)
    {
        Label = label;
        Probabilities = probabilities;
        _isBinary = isBinary;
        Count = isBinary ? 2 : ((VectorDataViewType)probabilities.Type).Size;
    }

    public DataViewSchema.Column Label { get; }

    public DataViewSchema.Column Probabilities { get; }

    /// <summary>The number of classes.</summary>
    public int Count { get; }

    /// <summary>Checks the columns that <see cref="Find"/> takes, and says which one holds the probabilities.</summary>
    /// <exception cref="ArgumentException">A column is absent or of a wrong type; the message says what to do.</exception>
    public static string Check(ColumnShapes columns, string labelColumnName, string scoreColumnName)
    {
        if (EvaluationColumns.Label(columns, labelColumnName).IsKey)
        {
            EvaluationColumns.CheckProbabilities(columns, scoreColumnName);
            return scoreColumnName;
        }

        // In ML.NET's binary tables the score is no probability.
        string name = scoreColumnName == ColumnNames.Score ? ColumnNames.Probability : scoreColumnName;
        EvaluationColumns.CheckSingle(columns, "probability", name);
        return name;
    }

    /// <exception cref="ArgumentException">A column is absent or of a wrong type; the message says what to do.</exception>
    public static ClassProbabilities Find(IDataView scored, string labelColumnName, string scoreColumnName)
    {
        var name = Check(ColumnShapes.Of(scored.Schema), labelColumnName, scoreColumnName);
        DataViewSchema.Column label = scored.Schema[labelColumnName];
        DataViewSchema.Column probabilities = scored.Schema[name];
        if (label.Type is BooleanDataViewType)
            return new ClassProbabilities(label, probabilities, isBinary: true);
        EvaluationColumns.RequireSameClasses(label, probabilities);
        return new ClassProbabilities(label, probabilities, isBinary: false);
    }

    /// <summary>Gives the class of the current row, from 1; 0 is missing.</summary>
    public ValueGetter<uint> LabelGetter(DataViewRow row)
    {
        if (!_isBinary)
            return row.GetGetter<uint>(Label);
        ValueGetter<bool> get = row.GetGetter<bool>(Label);
        bool truth = false;
        return (ref uint key) =>
        {
            get(ref truth);
            key = truth ? 2u : 1u;
        };
    }

    /// <summary>Gives the probabilities of the current row.</summary>
    public Action<double[]> ProbabilityGetter(DataViewRow row)
    {
        if (_isBinary)
        {
            ValueGetter<float> getTrue = row.GetGetter<float>(Probabilities);
            float probability = 0;
            return probabilities =>
            {
                getTrue(ref probability);
                (probabilities[0], probabilities[1]) = (1.0 - probability, probability);
            };
        }

        ValueGetter<VBuffer<float>> getAll = row.GetGetter<VBuffer<float>>(Probabilities);
        VBuffer<float> buffer = default;
        var single = new float[Count];
        return probabilities =>
        {
            getAll(ref buffer);
            buffer.CopyTo(single);
            for (int k = 0; k < single.Length; k++)
                probabilities[k] = single[k];
        };
    }
}
