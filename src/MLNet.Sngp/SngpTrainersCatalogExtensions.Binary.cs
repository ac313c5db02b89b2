using MLNet.Sngp;

namespace Microsoft.ML;

public static partial class SngpTrainersCatalogExtensions
{
    /// <summary>Creates a <see cref="SngpBinaryTrainer"/> by the options that most people turn.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Sngp()</c>.</param>
    /// <param name="labelColumnName">The label column, a <see cref="bool"/>.</param>
    /// <param name="featureColumnName">The feature column, a vector of <see cref="float"/> of known size, centred and scaled.</param>
    /// <param name="numberOfEpochs">How many times training goes through all rows; from 1.</param>
    /// <param name="batchSize">The number of rows in an optimiser step; from 1.</param>
    /// <param name="learningRate">The learning rate of Adam; above 0.</param>
    /// <param name="numberOfHiddenLayers">The number of residual hidden layers; from 1.</param>
    /// <param name="numberOfHiddenUnits">The width of every hidden layer; from 1.</param>
    /// <param name="seed">Fixes all randomness; null draws a seed from the context.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all such options.</exception>
    public static SngpBinaryTrainer Binary(
        this SngpCatalog catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        int numberOfEpochs = 100,
        int batchSize = 128,
        double learningRate = 1e-3,
        int numberOfHiddenLayers = 6,
        int numberOfHiddenUnits = 128,
        int? seed = null) =>
        catalog.Binary(new SngpTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            NumberOfEpochs = numberOfEpochs,
            BatchSize = batchSize,
            LearningRate = learningRate,
            NumberOfHiddenLayers = numberOfHiddenLayers,
            NumberOfHiddenUnits = numberOfHiddenUnits,
            Seed = seed,
        });

    /// <summary>Creates a <see cref="SngpBinaryTrainer"/> with all its options.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Sngp()</c>.</param>
    /// <param name="options">The options, those of <see cref="SngpTrainer"/>; copied.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all such options.</exception>
    public static SngpBinaryTrainer Binary(this SngpCatalog catalog, SngpTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new SngpBinaryTrainer(catalog.Environment, options);
    }
}
