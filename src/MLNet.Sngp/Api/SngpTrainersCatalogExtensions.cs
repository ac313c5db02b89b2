using MLNet.Sngp;

namespace Microsoft.ML;

/// <summary>Makes the trainers of MLNet.Sngp from <c>mlContext.Sngp()</c>.</summary>
public static class SngpTrainersCatalogExtensions
{
    /// <summary>Creates a <see cref="SngpMulticlassTrainer"/> of an SNGP by the options that most people turn.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Sngp()</c>.</param>
    /// <param name="labelColumnName">The label column, a key of type <see cref="uint"/>.</param>
    /// <param name="featureColumnName">The feature column, a vector of <see cref="float"/> of known size.</param>
    /// <param name="exampleWeightColumnName">The column of example weights, a <see cref="float"/> of at least 0; null weighs all rows
    /// alike.</param>
    /// <param name="numberOfEpochs">How many times training goes through all rows, from 1; null chooses it from the data.</param>
    /// <param name="batchSize">The number of rows in an optimiser step, from 1; null chooses it from the number of rows.</param>
    /// <param name="learningRate">The learning rate of Adam, from which it decays to 0; above 0.</param>
    /// <param name="numberOfHiddenLayers">The number of residual hidden layers; from 1.</param>
    /// <param name="numberOfHiddenUnits">The width of every hidden layer, from 1; null chooses it from the number of features.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all such options.</exception>
    public static SngpMulticlassTrainer Multiclass(
        this SngpCatalog catalog,
        string labelColumnName = SngpOptions.DefaultLabelColumnName,
        string featureColumnName = SngpOptions.DefaultFeatureColumnName,
        string? exampleWeightColumnName = null,
        int? numberOfEpochs = null,
        int? batchSize = null,
        double learningRate = TrainingOptions.DefaultLearningRate,
        int numberOfHiddenLayers = ResidualMlp.DefaultNumberOfHiddenLayers,
        int? numberOfHiddenUnits = null) =>
        catalog.Multiclass(Options(
            labelColumnName, featureColumnName, exampleWeightColumnName, numberOfEpochs, batchSize, learningRate, numberOfHiddenLayers,
            numberOfHiddenUnits));

    /// <summary>Creates a <see cref="SngpMulticlassTrainer"/> with all options: an SNGP, or another method, such as
    /// <see cref="SngpOptions.DeepEnsemble"/>.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Sngp()</c>.</param>
    /// <param name="options">The options; copied.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all such options.</exception>
    public static SngpMulticlassTrainer Multiclass(this SngpCatalog catalog, SngpOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new SngpMulticlassTrainer(catalog.Environment, options);
    }

    /// <summary>Creates a <see cref="SngpBinaryTrainer"/> of an SNGP by the options that most people turn.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Sngp()</c>.</param>
    /// <param name="labelColumnName">The label column, a <see cref="bool"/>.</param>
    /// <param name="featureColumnName">The feature column, a vector of <see cref="float"/> of known size.</param>
    /// <param name="exampleWeightColumnName">The column of example weights, a <see cref="float"/> of at least 0; null weighs all rows
    /// alike.</param>
    /// <param name="numberOfEpochs">How many times training goes through all rows, from 1; null chooses it from the data.</param>
    /// <param name="batchSize">The number of rows in an optimiser step, from 1; null chooses it from the number of rows.</param>
    /// <param name="learningRate">The learning rate of Adam, from which it decays to 0; above 0.</param>
    /// <param name="numberOfHiddenLayers">The number of residual hidden layers; from 1.</param>
    /// <param name="numberOfHiddenUnits">The width of every hidden layer, from 1; null chooses it from the number of features.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all such options.</exception>
    public static SngpBinaryTrainer Binary(
        this SngpCatalog catalog,
        string labelColumnName = SngpOptions.DefaultLabelColumnName,
        string featureColumnName = SngpOptions.DefaultFeatureColumnName,
        string? exampleWeightColumnName = null,
        int? numberOfEpochs = null,
        int? batchSize = null,
        double learningRate = TrainingOptions.DefaultLearningRate,
        int numberOfHiddenLayers = ResidualMlp.DefaultNumberOfHiddenLayers,
        int? numberOfHiddenUnits = null) =>
        catalog.Binary(Options(
            labelColumnName, featureColumnName, exampleWeightColumnName, numberOfEpochs, batchSize, learningRate, numberOfHiddenLayers,
            numberOfHiddenUnits));

    /// <summary>Creates a <see cref="SngpBinaryTrainer"/> with all options: an SNGP, or another method, such as
    /// <see cref="SngpOptions.DeepEnsemble"/>.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Sngp()</c>.</param>
    /// <param name="options">The options; copied.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all such options.</exception>
    public static SngpBinaryTrainer Binary(this SngpCatalog catalog, SngpOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new SngpBinaryTrainer(catalog.Environment, options);
    }

    /// <summary>Creates an estimator that trains an SNGP beside another model and adds <c>Novelty</c> and <c>IsNovel</c> alone.</summary>
    /// <remarks>
    /// <code>
    /// var model =
    /// features.Append(mlContext.MulticlassClassification.Trainers.LightGbm()).Append(mlContext.Sngp().NoveltyOnly()).Fit(train);
    /// </code>
    /// The columns of the other model stay as they are. A part of the rows, chosen by the seed, is kept from this training to fit the
    /// false-alarm rate; 0.01 needs 99 of them, so 495 rows at a fraction of 0.2. Distances need features that are centred and scaled to be
    /// meant alike; SNGP scales them itself.
    /// </remarks>
    /// <param name="catalog">The catalog, <c>mlContext.Sngp()</c>.</param>
    /// <param name="options">How the SNGP is trained; copied. <see langword="null"/> for the defaults. The label is a key or
    /// Boolean.</param>
    /// <param name="falseAlarmRate">The share of ordinary rows that may be called novel, above 0 and below 1.</param>
    /// <param name="validationFraction">The share of rows that fit the rate and do not train, above 0 and below 1.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The rate or the fraction is out of range.</exception>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all such options.</exception>
    public static SngpNoveltyEstimator NoveltyOnly(
        this SngpCatalog catalog, SngpOptions? options = null, double falseAlarmRate = 0.01, double validationFraction = 0.2)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new SngpNoveltyEstimator(catalog, options ?? new SngpOptions(), falseAlarmRate, validationFraction);
    }

    /// <summary>Creates a <see cref="SngpRegressionTrainer"/> of an SNGP by the options that most people turn.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Sngp()</c>.</param>
    /// <param name="labelColumnName">The label column, a <see cref="float"/> or a <see cref="double"/>.</param>
    /// <param name="featureColumnName">The feature column, a vector of <see cref="float"/> of known size.</param>
    /// <param name="exampleWeightColumnName">The column of example weights, a <see cref="float"/> of at least 0; null weighs all rows
    /// alike.</param>
    /// <param name="numberOfEpochs">How many times training goes through all rows, from 1; null chooses it from the data.</param>
    /// <param name="batchSize">The number of rows in an optimiser step, from 1; null chooses it from the number of rows.</param>
    /// <param name="learningRate">The learning rate of Adam, from which it decays to 0; above 0.</param>
    /// <param name="numberOfHiddenLayers">The number of residual hidden layers; from 1.</param>
    /// <param name="numberOfHiddenUnits">The width of every hidden layer, from 1; null chooses it from the number of features.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all such options.</exception>
    public static SngpRegressionTrainer Regression(
        this SngpCatalog catalog,
        string labelColumnName = SngpOptions.DefaultLabelColumnName,
        string featureColumnName = SngpOptions.DefaultFeatureColumnName,
        string? exampleWeightColumnName = null,
        int? numberOfEpochs = null,
        int? batchSize = null,
        double learningRate = TrainingOptions.DefaultLearningRate,
        int numberOfHiddenLayers = ResidualMlp.DefaultNumberOfHiddenLayers,
        int? numberOfHiddenUnits = null) =>
        catalog.Regression(Options(
            labelColumnName, featureColumnName, exampleWeightColumnName, numberOfEpochs, batchSize, learningRate, numberOfHiddenLayers,
            numberOfHiddenUnits));

    /// <summary>Creates a <see cref="SngpRegressionTrainer"/> with all options: an SNGP, or another method, such as
    /// <see cref="SngpOptions.DeepEnsemble"/>.</summary>
    /// <param name="catalog">The catalog, <c>mlContext.Sngp()</c>.</param>
    /// <param name="options">The options; copied.</param>
    /// <returns>The estimator.</returns>
    /// <exception cref="ArgumentException">An option is out of range; the message lists all such options.</exception>
    public static SngpRegressionTrainer Regression(this SngpCatalog catalog, SngpOptions options)
    {
        ArgumentNullException.ThrowIfNull(catalog);
        return new SngpRegressionTrainer(catalog.Environment, options);
    }

    private static SngpOptions Options(
        string label, string features, string? weight, int? epochs, int? batchSize, double learningRate, int layers, int? units) => new()
    {
        LabelColumnName = label,
        FeatureColumnName = features,
        ExampleWeightColumnName = weight,
        Backbone = new ResidualMlp { NumberOfHiddenLayers = layers, NumberOfHiddenUnits = units },
        Training = { NumberOfEpochs = epochs, BatchSize = batchSize, LearningRate = learningRate },
    };
}
