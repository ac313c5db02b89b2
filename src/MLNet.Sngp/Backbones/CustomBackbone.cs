using MLNet.Sngp.Layers;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Backbones;

/// <summary>A backbone that somebody makes of TorchSharp modules; see <see cref="Backbone.Custom"/>.</summary>
internal sealed class CustomBackbone(Func<long[], nn.Module<Tensor, Tensor>> create, bool initialize) : Backbone
{
    private string _identity = "";
    private bool _hasDropout = true;

    // Known once a module was made.
    internal override bool HasDropout => _hasDropout;

    internal override string Identity => _identity;

    internal override long Check(long[] rowShape)
    {
        using var scope = NewDisposeScope();
        using var module = Make(rowShape);
        using var wrapped = new CustomBackboneModule(module, rowShape);
        _identity = string.Join("; ", module.named_modules().Select(part => $"{part.name}: {part.module.GetType().Name}")
            .Concat(module.named_parameters().Select(part => $"{part.name} [{string.Join(", ", part.parameter.shape)}]")));
        _hasDropout = wrapped.HasDropout;
        return wrapped.NumberOfHiddenUnits;
    }

    internal override BackboneModule Create(long[] rowShape, SeededRandom random, Device device)
    {
        var module = Make(rowShape);
        if (initialize)
            Initial.Draw(module, random);
        return new CustomBackboneModule(module.to(device), rowShape);
    }

    private nn.Module<Tensor, Tensor> Make(long[] rowShape)
    {
        var module = create((long[])rowShape.Clone())
            ?? throw new NotSupportedException("The function given to Backbone.Custom gave null; let it give a module.");
        if (ModuleNodes.Complaint(module) is { } complaint)
            throw new NotSupportedException($"The custom backbone cannot be used: {complaint}.");
        return module;
    }
}
