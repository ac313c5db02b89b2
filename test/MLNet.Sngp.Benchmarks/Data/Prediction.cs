using Microsoft.ML.Data;

namespace MLNet.Sngp.Benchmarks.Data;

/// <summary>What a caller of a prediction engine reads.</summary>
internal sealed class Prediction
{
    /// <summary>A buffer that is filled again and again; an array would be new for each row.</summary>
    public VBuffer<float> Score { get; set; }

    public float Variance { get; set; }
}
