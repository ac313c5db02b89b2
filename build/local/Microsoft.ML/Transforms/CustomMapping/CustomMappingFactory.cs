using System;
using Microsoft.ML.Runtime;

namespace Microsoft.ML.Transforms;

/// <summary>The name under which a saved mapping finds its code again.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class CustomMappingFactoryAttributeAttribute : ExtensionBaseAttribute
{
    public CustomMappingFactoryAttributeAttribute(string contractName) : base(contractName)
    {
    }
}

internal interface ICustomMappingFactory
{
    ITransformer CreateTransformer(IHostEnvironment env, string contractName);
}

/// <summary>
/// Gives the mapping of a saved <see cref="CustomMappingTransformer{TSrc,TDst}"/>. Schema definitions are not saved: after loading,
/// columns and annotations are what the classes declare.
/// </summary>
public abstract class CustomMappingFactory<TSrc, TDst> : ICustomMappingFactory
    where TSrc : class, new()
    where TDst : class, new()
{
    protected CustomMappingFactory()
    {
    }

    public abstract Action<TSrc, TDst> GetMapping();

    ITransformer ICustomMappingFactory.CreateTransformer(IHostEnvironment env, string contractName)
        => new CustomMappingTransformer<TSrc, TDst>(env, GetMapping(), contractName);
}

[LoadableClass(Signature)]
internal static class CustomMappingLoader
{
    public const string Signature = "CustomTransformer";

    private static ITransformer Create(IHostEnvironment env, ModelLoadContext ctx)
    {
        string contract = ctx.LoadString();
        env.ComponentCatalog.RegisterAssembly(System.Reflection.Assembly.Load(ctx.LoadString()));
        var factory = env.ComponentCatalog.GetExtensionValue(typeof(CustomMappingFactoryAttributeAttribute), contract) as ICustomMappingFactory;
        Contracts.Check(factory != null, $"The class with contract '{contract}' must derive from '{typeof(CustomMappingFactory<,>).FullName}'.");
        return factory.CreateTransformer(env, contract);
    }
}
