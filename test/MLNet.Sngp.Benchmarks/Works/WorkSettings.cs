namespace MLNet.Sngp.Benchmarks.Works;

/// <summary>What the command line says of a work.</summary>
/// <param name="Rows">Rows of the table, or of one pass of scoring.</param>
/// <param name="Features">d.</param>
/// <param name="Classes">K.</param>
/// <param name="RandomFeatures">M.</param>
/// <param name="Epochs">Epochs of a training.</param>
/// <param name="Passes">Epochs that are measured; the median counts.</param>
/// <param name="Seconds">How long scoring is measured, after half as long to warm up.</param>
/// <param name="Models">The folder of the models to score with.</param>
internal sealed record WorkSettings(
    int Rows = 40_960,
    int Features = 2,
    int Classes = 2,
    int RandomFeatures = 1024,
    int Epochs = 100,
    int Passes = 1,
    double Seconds = 1.5,
    string Models = "artifacts/bench/models");
