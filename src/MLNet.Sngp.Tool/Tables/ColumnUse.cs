using System.Text.Json.Serialization;

namespace MLNet.Sngp.Tool.Tables;

/// <summary>What the pipeline makes of a column.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<ColumnUse>))]
internal enum ColumnUse
{
    /// <summary>Nothing.</summary>
    LeftOut,

    /// <summary>One feature, and one that says where it is missing when training rows lacked it.</summary>
    Number,

    /// <summary>A feature for each of its values.</summary>
    Category,

    /// <summary>A feature for each of 256 hashes of its values.</summary>
    HashedCategory,

    /// <summary>Words and pairs of words, weighted by how often they occur.</summary>
    Text,

    /// <summary>Days since 1970, month and day of the week, and the hour of a time stamp.</summary>
    Date,
}
