using Microsoft.ML;
using Microsoft.ML.Data;

namespace Intents;

/// <summary>The four files of a folder: <c>train.tsv</c>, <c>val.tsv</c>, <c>test.tsv</c> and <c>out_of_scope.tsv</c>, each with the
/// columns Label and
/// Text.</summary>
internal sealed class Files(MLContext ml, string folder)
{
    public IDataView Train => Load("train.tsv");

    public IDataView Validation => Load("val.tsv");

    public IDataView Test => Load("test.tsv");

    public IDataView OutOfScope => Load("out_of_scope.tsv");

    private IDataView Load(string name)
    {
        string path = Path.Combine(folder, name);
        if (!File.Exists(path))
            throw new FileNotFoundException(
                $"There is no {name} in '{folder}'. --intents takes a folder with train.tsv, val.tsv, test.tsv and "
                + "out_of_scope.tsv, whose columns are Label and Text.", path);
        return ml.Data.LoadFromTextFile<Request>(
            path, new TextLoader.Options { HasHeader = true, Separators = ['\t'], AllowQuoting = false });
    }
}
