using System.Reflection;
using System.Reflection.Emit;
using TorchSharp;
using static TorchSharp.torch;

namespace MLNet.Sngp.Tests.Support;

/// <summary>Finds, in compiled code, scalars that native code may read when nothing holds them any more.</summary>
internal static class TemporaryScalars
{
    private static readonly Lazy<HashSet<MethodBase>> Makers = new(() =>
        MethodCalls.Reaching(typeof(Scalar).Assembly, typeof(Scalar).GetConstructors(BindingFlags.Instance | BindingFlags.NonPublic)));

    /// <summary>What banned-symbol analysis is told: every method of TorchSharp's own surface that makes a scalar which it does not give to
    /// the caller to hold.</summary>
    public static IEnumerable<string> Banned() => Makers.Value
        .Where(maker => maker.IsPublic && !IsMadeByCaller(maker) && Surface.Contains(maker.DeclaringType))
        .Select(DocumentationId.Of);

    /// <summary>What a method does with scalars that it should not; nothing if all is well.</summary>
    public static IEnumerable<string> In(MethodBase method)
    {
        var code = MethodCalls.Instructions(method).ToArray();
        for (var i = 0; i < code.Length; i++)
        {
            if (MethodCalls.Called(method, code[i]) is not { } called || !Makers.Value.Contains(called))
                continue;
            if (!IsMadeByCaller(called))
                yield return $"{method.DeclaringType}.{method.Name} calls {DocumentationId.Of(called)}, which makes a temporary scalar";
            else if (!IsHeld(method, code, code[i + 1]))
                yield return $"{method.DeclaringType}.{method.Name} neither keeps a scalar in a static readonly field nor declares it with "
                    + "using";
        }
    }

    private static readonly Type?[] Surface =
        [typeof(Scalar), typeof(torch), typeof(Tensor), typeof(linalg), typeof(nn.functional), typeof(TensorExtensionMethods)];

    private static bool IsMadeByCaller(MethodBase maker) => maker.DeclaringType == typeof(ScalarExtensionMethods);

    private static bool IsHeld(MethodBase method, MethodCalls.Instruction[] code, MethodCalls.Instruction next)
    {
        if (next.Code == OpCodes.Stsfld)
            return method.Module.ResolveField(next.Operand)!.IsInitOnly;
        // A declaration with using loads its variable again in a finally block, to dispose of it.
        return Variable(next, "stloc") is { } variable && method.GetMethodBody()!.ExceptionHandlingClauses
            .Where(clause => clause.Flags == ExceptionHandlingClauseOptions.Finally)
            .Any(clause => code.Any(at => at.Offset >= clause.HandlerOffset && at.Offset < clause.HandlerOffset + clause.HandlerLength
            && Variable(at, "ldloc") == variable));
    }

    private static int? Variable(MethodCalls.Instruction instruction, string operation)
    {
        var name = instruction.Code.Name!.Split('.');
        return name[0] != operation ? null : name[^1] is [>= '0' and <= '3' and var digit] ? digit - '0' : instruction.Operand;
    }
}
