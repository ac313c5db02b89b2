namespace MLNet.Sngp.Data;

/// <summary>What kind of label a classifier learns, and so which columns it gives.</summary>
internal enum ClassificationTask
{
    /// <summary>A key; class i is key i + 1.</summary>
    Multiclass,

    /// <summary>A Boolean; class 0 is false and class 1 is true.</summary>
    Binary,
}
