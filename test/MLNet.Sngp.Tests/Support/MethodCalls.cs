using System.Reflection;
using System.Reflection.Emit;

namespace MLNet.Sngp.Tests.Support;

/// <summary>Which methods call which, read from compiled code.</summary>
internal static class MethodCalls
{
    private const BindingFlags All =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.Instance | BindingFlags.DeclaredOnly;

    private static readonly Dictionary<short, OpCode> Codes = typeof(OpCodes).GetFields()
        .Select(field => (OpCode)field.GetValue(null)!).ToDictionary(code => code.Value);

    /// <summary>An instruction: where it stands, what it does, and the number or token that comes with it.</summary>
    public readonly record struct Instruction(int Offset, OpCode Code, int Operand);

    /// <summary>All methods and constructors of an assembly that have a body.</summary>
    public static IEnumerable<MethodBase> Methods(Assembly assembly) => assembly.GetTypes()
        .SelectMany(type => type.GetMethods(All).Concat<MethodBase>(type.GetConstructors(All)))
        .Where(method => method.GetMethodBody() is not null);

    public static IEnumerable<Instruction> Instructions(MethodBase method)
    {
        var code = method.GetMethodBody()!.GetILAsByteArray()!;
        for (var at = 0; at < code.Length;)
        {
            var (offset, opCode) = (at, Codes[code[at] == 0xFE ? (short)(0xFE00 | code[at + 1]) : code[at]]);
            at += opCode.Size;
            var size = opCode.OperandType switch
            {
                OperandType.InlineNone => 0,
                OperandType.ShortInlineBrTarget or OperandType.ShortInlineI or OperandType.ShortInlineVar => 1,
                OperandType.InlineVar => 2,
                OperandType.InlineI8 or OperandType.InlineR => 8,
                OperandType.InlineSwitch => 4 + (4 * BitConverter.ToInt32(code, at)),
                _ => 4,
            };
            yield return new Instruction(offset, opCode,
                size switch { 0 => 0, 1 => code[at], 2 => BitConverter.ToInt16(code, at), _ => BitConverter.ToInt32(code, at) });
            at += size;
        }
    }

    /// <summary>The method that an instruction calls, makes an object with or takes as a delegate; a generic one as it was
    /// declared.</summary>
    public static MethodBase? Called(MethodBase method, Instruction instruction)
    {
        if (instruction.Code.OperandType != OperandType.InlineMethod)
            return null;
        var typeArguments = method.DeclaringType is { IsGenericType: true } type ? type.GetGenericArguments() : null;
        var called =
            method.Module.ResolveMethod(instruction.Operand, typeArguments, method.IsGenericMethod ? method.GetGenericArguments() : null)!;
        if (called is MethodInfo { IsGenericMethod: true } generic)
            called = generic.GetGenericMethodDefinition();
        return called.DeclaringType is { IsConstructedGenericType: true } ? called.Module.ResolveMethod(called.MetadataToken)! : called;
    }

    public static IEnumerable<MethodBase> Of(MethodBase method) => Instructions(method).Select(instruction => Called(method, instruction))
        .OfType<MethodBase>();

    /// <summary>The methods of an assembly that reach one of some methods by calls.</summary>
    public static HashSet<MethodBase> Reaching(Assembly assembly, IEnumerable<MethodBase> targets)
    {
        var callers = Methods(assembly).SelectMany(method => Of(method).Select(called => (method, called)))
            .ToLookup(pair => pair.called, pair => pair.method);
        var reaching = new HashSet<MethodBase>();
        var open = new Stack<MethodBase>(targets);
        while (open.TryPop(out var called))
        {
            foreach (var caller in callers[called].Where(reaching.Add))
                open.Push(caller);
        }
        return reaching;
    }
}
