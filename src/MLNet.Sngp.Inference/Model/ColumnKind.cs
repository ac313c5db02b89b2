namespace MLNet.Sngp;

/// <summary>The types that elements of a model's columns can have.</summary>
internal enum ColumnKind
{
    Single,
    Boolean,

    /// <summary>A key of type UInt32: 1 for the first class, 0 for missing.</summary>
    Key,

    /// <summary>A key of type UInt32 with the values of <see cref="DecisionReasons"/>; 0 for none.</summary>
    Reason,
}
