using MLNet.Sngp.Data;
using static TorchSharp.torch;

namespace MLNet.Sngp.Layers;

/// <summary>Interleaved images, shape [B, H, W, C], as a convolution takes them: [B, C, H, W].</summary>
internal sealed class ChannelsFirst(ImageShape shape) : nn.Module<Tensor, Tensor>(nameof(ChannelsFirst)), IOnnxModule
{
    /// <summary>Images of a column, shape [B, d] or with the column's dimensions, as [B, C, H, W].</summary>
    public static Tensor Planar(ImageShape shape, Tensor images)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter(shape.IsInterleaved
            ? images.view(images.shape[0], shape.Height, shape.Width, shape.Channels).permute(0, 3, 1, 2)
            : images.view(images.shape[0], shape.Channels, shape.Height, shape.Width));
    }

    /// <summary>Images, shape [B, C, H, W], as rows of the column, shape [B, d].</summary>
    public static Tensor Rows(ImageShape shape, Tensor planar)
    {
        using var scope = NewDisposeScope();
        return scope.MoveToOuter((shape.IsInterleaved ? planar.permute(0, 2, 3, 1).contiguous() : planar).view(planar.shape[0], -1));
    }

    public override Tensor forward(Tensor input) => Planar(shape, input);

    public string AddTo(OnnxGraphBuilder graph, string input) =>
        graph.Node("planar", "Transpose", [input], ("perm", new long[] { 0, 3, 1, 2 }));
}
