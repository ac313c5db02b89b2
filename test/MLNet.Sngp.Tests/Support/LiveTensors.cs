using TorchSharp;

namespace MLNet.Sngp.Tests.Support;

/// <summary>Counts the tensors that are alive in the process.</summary>
internal static class LiveTensors
{
    public static long Count => torch.Tensor.TotalCount;

    /// <summary>Nothing is left of trainings but what TorchSharp miscounts: it never takes the tensor off that a Parameter took
    /// over.</summary>
    /// <param name="before">The count before them.</param>
    /// <param name="options">Their options.</param>
    /// <param name="isWhole">Whether all members were trained; false where some may not have begun.</param>
    public static void AssertFreed(long before, SngpOptions options, bool isWhole = true)
    {
        var parameters = 2
            + (options.Head == NetworkHead.Dense ? 2 : options.GaussianProcess.NormalizeGpInput is GpInputNormalization.None
            or GpInputNormalization.Automatic ? 1 : 3);
        var left = Count - before;
        Assert.AreEqual(0, left % parameters);
        Assert.IsInRange(isWhole ? options.NumberOfMembers : 0, options.NumberOfMembers, left / parameters);
    }
}
