using TorchSharp;

namespace MLNet.Sngp;

/// <summary>Numbers for torch's operators that live as long as the process.</summary>
/// <remarks>
/// TorchSharp gives native code the address of a <see cref="Scalar"/> and lets go of it: a collection meanwhile frees a temporary one.
/// Others are therefore declared with <c>using</c>, which keeps them to the end of their block. See decision 0015.
/// </remarks>
internal static class HeldScalars
{
    public static readonly Scalar MinusOne = (-1.0).ToScalar();
    public static readonly Scalar Zero = 0.0.ToScalar();
    public static readonly Scalar Half = 0.5.ToScalar();
    public static readonly Scalar One = 1.0.ToScalar();
    public static readonly Scalar Two = 2.0.ToScalar();
}
