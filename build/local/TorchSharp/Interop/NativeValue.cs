using System.Runtime.InteropServices;

namespace TorchSharp.Interop;

internal enum ValueKind
{
    None, Tensor, Int, Double, Bool, IntList, DoubleList, TensorList, Generator, String, Device, Default,
}

/// <summary>One argument or result of an operator, as native/dispatch.cpp reads it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeValue
{
    public ValueKind Kind;
    public int Count;
    public long Integer;
    public double Real;
    public void* Data;
}

/// <summary>One part of an indexing expression, as native/index.cpp reads it.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct NativeIndex
{
    public int Kind;
    public int Has;
    public long Start;
    public long Stop;
    public long Step;
    public nint Tensor;
}
