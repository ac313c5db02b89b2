namespace MLNet.Sngp;

/// <summary>What a stream of random numbers is for; see <see cref="SeededRandom"/>.</summary>
internal enum RandomPurpose : ulong
{
    NetworkWeights = 1,
    RandomFeatures = 2,
    RowOrder = 3,
    Dropout = 4,
    KernelScale = 5,
    Members = 6,
    DropoutPasses = 7,
    PosteriorDraws = 8,
    ValidationRows = 9,
    Images = 10,
}
