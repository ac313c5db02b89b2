using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Training;

/// <summary>Finds the torch device for the trainer's option.</summary>
internal static class TorchDevice
{
    /// <exception cref="InvalidOperationException">CUDA was asked for and is not there.</exception>
    public static Device Of(TrainingDevice device)
    {
        var hasCuda = device != TrainingDevice.Cpu && cuda.is_available();
        if (device == TrainingDevice.Cuda && !hasCuda)
            throw new InvalidOperationException(
                $"{nameof(TrainingOptions.Device)} is {device}, but TorchSharp finds no CUDA device. Reference a TorchSharp-cuda package "
                + $"and check the driver, or use {TrainingDevice.Auto}.");
        return hasCuda ? CUDA : CPU;
    }
}
