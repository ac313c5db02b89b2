namespace MLNet.Sngp;

/// <summary>Where a network is trained.</summary>
public enum TrainingDevice
{
    /// <summary>The first CUDA device when TorchSharp finds one, the processor otherwise.</summary>
    Auto,

    /// <summary>The processor.</summary>
    Cpu,

    /// <summary>The first CUDA device; training fails before it starts when there is none.</summary>
    Cuda,
}
