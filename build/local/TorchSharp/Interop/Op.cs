using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using static TorchSharp.torch;

namespace TorchSharp.Interop;

/// <summary>
/// An operator of libtorch, named as in its schema: <c>add.Tensor</c> is <c>new Op("add", "Tensor")</c>.
/// It is looked up on its first call. Arguments that are left out take the schema's defaults.
/// </summary>
internal sealed unsafe class Op(string name, string overload = "")
{
    private const int BufferWords = 64;

    private nint _handle;

    /// <summary>Calls an operator with one tensor as its result.</summary>
    public Tensor Call(params ReadOnlySpan<Arg> args)
    {
        NativeValue result = default;
        Invoke(args, &result, 1);
        return new Tensor((nint)result.Data);
    }

    /// <summary>Calls an operator and drops its results: an in-place one has already changed its first argument.</summary>
    public void Run(params ReadOnlySpan<Arg> args) => Invoke(args, null, 0);

    public (Tensor, Tensor) CallPair(params ReadOnlySpan<Arg> args)
    {
        var results = stackalloc NativeValue[2];
        Invoke(args, results, 2);
        return (new Tensor((nint)results[0].Data), new Tensor((nint)results[1].Data));
    }

    public (Tensor, Tensor, Tensor) CallTriple(params ReadOnlySpan<Arg> args)
    {
        var results = stackalloc NativeValue[3];
        Invoke(args, results, 3);
        return (new Tensor((nint)results[0].Data), new Tensor((nint)results[1].Data), new Tensor((nint)results[2].Data));
    }

    public Tensor[] CallList(params ReadOnlySpan<Arg> args)
    {
        NativeValue none = default;
        var count = Invoke(args, &none, -1);
        var handles = new nint[count];
        fixed (nint* p = handles) Native.sngp_take_pending(p, count);
        return Array.ConvertAll(handles, h => new Tensor(h));
    }

    /// <summary>Calls an operator whose result is a number or a truth value.</summary>
    public NativeValue CallScalar(params ReadOnlySpan<Arg> args)
    {
        NativeValue result = default;
        Invoke(args, &result, 1);
        return result;
    }

    [SkipLocalsInit]
    private int Invoke(ReadOnlySpan<Arg> args, NativeValue* results, int capacity)
    {
        if (_handle == 0) Find();
        var values = stackalloc NativeValue[args.Length];
        var words = 0;
        for (var i = 0; i < args.Length; i++)
        {
            values[i] = args[i].Value;
            words += args[i].Words;
        }
        if (words == 0) return Invoke(values, args.Length, results, capacity);
        if (words <= BufferWords)
        {
            var buffer = stackalloc long[BufferWords];
            return InvokeWithLists(args, values, buffer, results, capacity);
        }
        fixed (long* buffer = new long[words]) return InvokeWithLists(args, values, buffer, results, capacity);
    }

    private int InvokeWithLists(ReadOnlySpan<Arg> args, NativeValue* values, long* buffer, NativeValue* results, int capacity)
    {
        for (var i = 0; i < args.Length; i++)
        {
            if (args[i].Words == 0) continue;
            args[i].CopyList(buffer);
            values[i].Data = buffer;
            buffer += args[i].Words;
        }
        return Invoke(values, args.Length, results, capacity);
    }

    private int Invoke(NativeValue* values, int count, NativeValue* results, int capacity)
    {
        int produced;
        Native.Check(Native.sngp_call(_handle, values, count, results, capacity, &produced));
        return produced;
    }

    // Threads may look the same operator up at once; none may see a handle that was set turn into 0 again, as an out argument does.
    private void Find()
    {
        Native.Check(Native.sngp_find_op("aten::" + name, overload, out var handle));
        _handle = handle;
    }
}
