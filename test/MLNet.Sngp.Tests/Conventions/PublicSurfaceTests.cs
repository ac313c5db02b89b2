using System.Reflection;
using MLNet.Sngp.Layers;

namespace MLNet.Sngp.Tests.Conventions;

[TestClass]
public class PublicSurfaceTests
{
    private static readonly Assembly[] Product =
        [typeof(SngpMulticlassTrainer).Assembly, typeof(UncertaintyModel).Assembly, typeof(SentenceEncoderOptions).Assembly];

    [TestMethod]
    public void NoTorchSharpTypeIsPublicOutsideTheLayers()
    {
        foreach (
            var type in Product.SelectMany(assembly => assembly.GetExportedTypes()).Where(type => type.Namespace != "MLNet.Sngp.Layers"))
        {
            foreach (var used in UsedTypes(type))
                Assert.IsFalse(used.FullName?.StartsWith("TorchSharp", StringComparison.Ordinal) ?? false, $"{type} shows {used}");
        }
    }

    [TestMethod]
    [DataRow(typeof(UncertaintyModel))]
    [DataRow(typeof(SentenceEncoderOptions))]
    public void OnlyTrainingNeedsTorchSharp(Type type)
    {
        var referenced = type.Assembly.GetReferencedAssemblies().Select(name => name.Name);
        CollectionAssert.DoesNotContain(referenced.ToArray(), "TorchSharp");
    }

    [TestMethod]
    public void NetworksDoNotKnowMLNetNorDataTorchSharp()
    {
        foreach (var type in typeof(SngpOptions).Assembly.GetTypes())
        {
            var banned = type.Namespace switch
            {
                "MLNet.Sngp.Backbones" or "MLNet.Sngp.Heads" or "MLNet.Sngp.Layers" or "MLNet.Sngp.Posterior" or "MLNet.Sngp.Steps" =>
                "Microsoft.ML",
                "MLNet.Sngp.Data" => "TorchSharp",
                _ => null,
            };
            if (banned != null)
                Assert.IsFalse(UsedTypes(type).Any(used => used.FullName?.StartsWith(banned, StringComparison.Ordinal) ?? false),
                    $"{type} uses {banned}");
        }
    }

    private static IEnumerable<Type> UsedTypes(Type type)
    {
        const BindingFlags all =
            BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
        foreach (var member in type.GetMembers(all).Where(member => !type.IsPublic || IsVisible(member)))
        {
            foreach (var used in member switch
            {
                MethodBase method => method.GetParameters().Select(parameter => parameter.ParameterType)
                    .Append((method as MethodInfo)?.ReturnType ?? type),
                PropertyInfo property => [property.PropertyType],
                FieldInfo field => [field.FieldType],
                _ => Enumerable.Empty<Type>(),
            })
                yield return used;
        }
    }

    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => method.IsPublic || method.IsFamily,
        PropertyInfo property => property.GetMethod?.IsPublic ?? false,
        FieldInfo field => field.IsPublic,
        _ => false,
    };
}
