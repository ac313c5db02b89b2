namespace MLNet.Sngp.Modules;

/// <summary>The sizes of a network: d features, L hidden layers of H units, K classes.</summary>
internal sealed record NetworkShape(int NumberOfFeatures, int NumberOfHiddenLayers, int NumberOfHiddenUnits, int NumberOfClasses);
