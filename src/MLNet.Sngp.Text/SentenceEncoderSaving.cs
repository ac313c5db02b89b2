namespace MLNet.Sngp;

/// <summary>What <c>mlContext.Model.Save</c> writes of a sentence encoder.</summary>
public enum SentenceEncoderSaving
{
    /// <summary>The whole encoder: the zip file needs nothing else, and grows by the encoder's size.</summary>
    Whole,

    /// <summary>The paths of the two files and their SHA-256: where the zip file is loaded they must lie at the same paths, or beside the
    /// application under the same names.</summary>
    ByHash,
}
