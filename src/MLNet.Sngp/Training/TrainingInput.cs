using MLNet.Sngp.Data;

namespace MLNet.Sngp.Training;

/// <summary>What a model is trained on.</summary>
/// <param name="Table">The rows; read only, so that several trainings may share them.</param>
/// <param name="Labels">The classes in the order of their keys.</param>
/// <param name="Seed">Fixes all randomness of the training.</param>
internal sealed record TrainingInput(TrainingTable Table, ClassLabels Labels, int Seed)
{
    /// <summary>The sizes of the network that the options ask for.</summary>
    public Modules.NetworkShape ShapeOf(NetworkTrainerOptions options) =>
        new(Table.NumberOfFeatures, options.NumberOfHiddenLayers, options.NumberOfHiddenUnits, Table.NumberOfClasses);
}
