using Microsoft.ML;
using MLNet.Sngp.Tests.Regression;
using MLNet.Sngp.Tests.Support;
using MLNet.Sngp.Updates;

namespace MLNet.Sngp.Tests.Updates;

/// <summary>A quickly trained model that can be updated, and rows to update it with.</summary>
internal sealed class UpdateCase
{
    private readonly MLContext _ml = new(1);
    private readonly Func<int, IReadOnlyList<int>?, IDataView> _load;

    public UpdateCase(LearningTask task, Action<SngpOptions>? change = null)
    {
        var options = task == LearningTask.Regression ? Waves.Options(3) : TwoClusters.QuickOptions();
        options.GaussianProcess.NumberOfRandomFeatures = 64;
        options.Posterior.Updatable = true;
        options.ExampleWeightColumnName = "Weight";
        change?.Invoke(options);
        _load = (seed, which) => task switch
        {
            LearningTask.Regression => _ml.Data.LoadFromEnumerable(Part(Waves.Rows(200, seed), which)),
            LearningTask.Binary => _ml.Data.LoadFromEnumerable(Part(TwoClasses.Rows(200, seed), which)),
            _ => Keys(Part(TwoClusters.Rows(200, seed), which)),
        };
        Model = task switch
        {
            LearningTask.Regression => _ml.Sngp().Regression(options).Fit(Training),
            LearningTask.Binary => _ml.Sngp().Binary(options).Fit(Training),
            _ => _ml.Sngp().Multiclass(options).Fit(Training),
        };
    }

    public MLContext Context => _ml;

    public SngpTransformer Model { get; }

    public IDataView Training => _load(1, null);

    /// <summary>Row i of 200 that the training did not see, for each i of a list; null for all.</summary>
    public IDataView New(IReadOnlyList<int>? which = null) => _load(2, which);

    public SngpTransformer Update(SngpTransformer model, IReadOnlyList<int>? which = null) => _ml.Sngp().Update(model, New(which));

    public static UpdatableState State(SngpTransformer model) => UpdatableState.Read(model.Model.ToProto().Graph)!;

    /// <summary>The table with the keys of the training.</summary>
    public IDataView Keys(IEnumerable<TwoClusters.Row> rows) => _ml.Transforms.Conversion
        .MapValueToKey("Label", keyData: _ml.Data.LoadFromEnumerable([new { Label = "low" }, new { Label = "high" }]))
        .Fit(_ml.Data.LoadFromEnumerable(rows)).Transform(_ml.Data.LoadFromEnumerable(rows));

    /// <summary>The largest difference, relative to the largest of the expected.</summary>
    public static double Difference(IReadOnlyList<double> expected, IReadOnlyList<double> actual)
    {
        Assert.HasCount(expected.Count, actual);
        return expected.Zip(actual, (left, right) => Math.Abs(left - right)).Max() / expected.Max(Math.Abs);
    }

    private static IEnumerable<T> Part<T>(T[] rows, IReadOnlyList<int>? which) => which is null ? rows : which.Select(i => rows[i]);
}
