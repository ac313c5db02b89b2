using MLNet.Sngp;

namespace Microsoft.ML;

/// <summary>Makes the trainers that SNGP is compared with, and the ensemble of SNGPs, from <c>mlContext.Sngp()</c>.</summary>
public static class UncertaintyTrainersCatalogExtensions
{
    /// <summary>Creates a <see cref="DeterministicTrainer"/>, the baseline network, by the options that most people turn.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Sngp()</c>.</param>
    /// <param name="labelColumnName">The label column, a key of type <see cref="uint"/>.</param>
    /// <param name="featureColumnName">The feature column, a vector of <see cref="float"/> of known size, centred and scaled.</param>
    /// <param name="numberOfEpochs">How many times training goes through all rows; from 1.</param>
    /// <param name="batchSize">The number of rows in an optimiser step; from 1.</param>
    /// <param name="learningRate">The learning rate of Adam; above 0.</param>
    /// <param name="numberOfHiddenLayers">The number of residual hidden layers; from 1.</param>
    /// <param name="numberOfHiddenUnits">The width of every hidden layer; from 1.</param>
    /// <param name="seed">Fixes all randomness; null draws a seed from the context.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all such options.</exception>
    public static DeterministicTrainer Deterministic(
        this SngpCatalog catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        int numberOfEpochs = 100,
        int batchSize = 128,
        double learningRate = 1e-3,
        int numberOfHiddenLayers = 6,
        int numberOfHiddenUnits = 128,
        int? seed = null) =>
        catalog.Deterministic(new DeterministicTrainer.Options
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

    /// <summary>Creates a <see cref="DeterministicTrainer"/>, the baseline network, with all its options.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Sngp()</c>.</param>
    /// <param name="options">The options; copied.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all such options.</exception>
    public static DeterministicTrainer Deterministic(this SngpCatalog catalog, DeterministicTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new DeterministicTrainer(catalog.Environment, options);
    }

    /// <summary>Creates a <see cref="MonteCarloDropoutTrainer"/>, one network that is thinned at random in several ways, by the options
    /// that most people turn.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Sngp()</c>.</param>
    /// <param name="labelColumnName">The label column, a key of type <see cref="uint"/>.</param>
    /// <param name="featureColumnName">The feature column, a vector of <see cref="float"/> of known size, centred and scaled.</param>
    /// <param name="numberOfPasses">The number of thinned networks that score each row; from 1.</param>
    /// <param name="numberOfEpochs">How many times training goes through all rows; from 1.</param>
    /// <param name="batchSize">The number of rows in an optimiser step; from 1.</param>
    /// <param name="learningRate">The learning rate of Adam; above 0.</param>
    /// <param name="seed">Fixes all randomness; null draws a seed from the context.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all such options.</exception>
    public static MonteCarloDropoutTrainer MonteCarloDropout(
        this SngpCatalog catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        int numberOfPasses = 10,
        int numberOfEpochs = 100,
        int batchSize = 128,
        double learningRate = 1e-3,
        int? seed = null) =>
        catalog.MonteCarloDropout(new MonteCarloDropoutTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            NumberOfPasses = numberOfPasses,
            NumberOfEpochs = numberOfEpochs,
            BatchSize = batchSize,
            LearningRate = learningRate,
            Seed = seed,
        });

    /// <summary>Creates a <see cref="MonteCarloDropoutTrainer"/>, one network that is thinned at random in several ways, with all its
    /// options.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Sngp()</c>.</param>
    /// <param name="options">The options; copied.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all such options.</exception>
    public static MonteCarloDropoutTrainer MonteCarloDropout(this SngpCatalog catalog, MonteCarloDropoutTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new MonteCarloDropoutTrainer(catalog.Environment, options);
    }

    /// <summary>Creates a <see cref="DeepEnsembleTrainer"/>, networks that differ by their seed, by the options that most people
    /// turn.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Sngp()</c>.</param>
    /// <param name="labelColumnName">The label column, a key of type <see cref="uint"/>.</param>
    /// <param name="featureColumnName">The feature column, a vector of <see cref="float"/> of known size, centred and scaled.</param>
    /// <param name="numberOfMembers">The number of networks; from 1.</param>
    /// <param name="numberOfEpochs">How many times training goes through all rows; from 1.</param>
    /// <param name="batchSize">The number of rows in an optimiser step; from 1.</param>
    /// <param name="learningRate">The learning rate of Adam; above 0.</param>
    /// <param name="seed">Fixes all randomness; null draws a seed from the context.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all such options.</exception>
    public static DeepEnsembleTrainer DeepEnsemble(
        this SngpCatalog catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        int numberOfMembers = 10,
        int numberOfEpochs = 100,
        int batchSize = 128,
        double learningRate = 1e-3,
        int? seed = null) =>
        catalog.DeepEnsemble(new DeepEnsembleTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            NumberOfMembers = numberOfMembers,
            NumberOfEpochs = numberOfEpochs,
            BatchSize = batchSize,
            LearningRate = learningRate,
            Seed = seed,
        });

    /// <summary>Creates a <see cref="DeepEnsembleTrainer"/>, networks that differ by their seed, with all its options.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Sngp()</c>.</param>
    /// <param name="options">The options; copied.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all such options.</exception>
    public static DeepEnsembleTrainer DeepEnsemble(this SngpCatalog catalog, DeepEnsembleTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new DeepEnsembleTrainer(catalog.Environment, options);
    }

    /// <summary>Creates a <see cref="SngpEnsembleTrainer"/>, SNGPs that differ by their seed, by the options that most people
    /// turn.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Sngp()</c>.</param>
    /// <param name="labelColumnName">The label column, a key of type <see cref="uint"/>.</param>
    /// <param name="featureColumnName">The feature column, a vector of <see cref="float"/> of known size, centred and scaled.</param>
    /// <param name="numberOfMembers">The number of SNGPs; from 1.</param>
    /// <param name="numberOfEpochs">How many times training goes through all rows; from 1.</param>
    /// <param name="batchSize">The number of rows in an optimiser step; from 1.</param>
    /// <param name="learningRate">The learning rate of Adam; above 0.</param>
    /// <param name="seed">Fixes all randomness; null draws a seed from the context.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all such options.</exception>
    public static SngpEnsembleTrainer SngpEnsemble(
        this SngpCatalog catalog,
        string labelColumnName = "Label",
        string featureColumnName = "Features",
        int numberOfMembers = 10,
        int numberOfEpochs = 100,
        int batchSize = 128,
        double learningRate = 1e-3,
        int? seed = null) =>
        catalog.SngpEnsemble(new SngpEnsembleTrainer.Options
        {
            LabelColumnName = labelColumnName,
            FeatureColumnName = featureColumnName,
            NumberOfMembers = numberOfMembers,
            NumberOfEpochs = numberOfEpochs,
            BatchSize = batchSize,
            LearningRate = learningRate,
            Seed = seed,
        });

    /// <summary>Creates a <see cref="SngpEnsembleTrainer"/>, SNGPs that differ by their seed, with all its options.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Sngp()</c>.</param>
    /// <param name="options">The options; copied.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all such options.</exception>
    public static SngpEnsembleTrainer SngpEnsemble(this SngpCatalog catalog, SngpEnsembleTrainer.Options options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new SngpEnsembleTrainer(catalog.Environment, options);
    }
}
