namespace MLNet.Sngp;

/// <summary>How the hidden vectors of a text's tokens become one vector. The encoder's model card says which it was trained with.</summary>
public enum SentencePooling
{
    /// <summary>The mean over all tokens, [CLS] and [SEP] included: MiniLM, E5, GTE.</summary>
    Mean,

    /// <summary>The vector of the first token, [CLS]: BGE, Arctic.</summary>
    Cls,

    /// <summary>None: the graph has an output of one vector for a text.</summary>
    None,
}
