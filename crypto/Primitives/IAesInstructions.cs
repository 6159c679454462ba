using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>
/// A processor's instructions for AES and GHASH, in the shape in which ARM has them: the key is added before the round, so the
/// boards that we are made for lose nothing, and x86 one fast addition.
/// </summary>
internal interface IAesInstructions : ICarrylessMultiplication
{
    /// <summary>Whether this processor has all of them.</summary>
    static abstract bool IsSupported { get; }

    /// <summary>AddRoundKey, SubBytes, ShiftRows, MixColumns (FIPS 197 section 5.1).</summary>
    static abstract Vector128<byte> Round(Vector128<byte> state, Vector128<byte> roundKey);

    /// <summary>AddRoundKey, SubBytes, ShiftRows: the last round, but for the key that is added after it.</summary>
    static abstract Vector128<byte> LastRound(Vector128<byte> state, Vector128<byte> roundKey);
}

/// <summary>AES-NI and PCLMULQDQ.</summary>
internal readonly struct X86AesInstructions : IAesInstructions
{
    public static bool IsSupported => X86Aes.IsSupported && Pclmulqdq.IsSupported;

    public static Vector128<byte> Round(Vector128<byte> state, Vector128<byte> roundKey) =>
        X86Aes.Encrypt(state ^ roundKey, Vector128<byte>.Zero);

    public static Vector128<byte> LastRound(Vector128<byte> state, Vector128<byte> roundKey) =>
        X86Aes.EncryptLast(state ^ roundKey, Vector128<byte>.Zero);

    public static Vector128<ulong> Multiply(ulong x, ulong y) =>
        Pclmulqdq.CarrylessMultiply(Vector128.CreateScalarUnsafe(x), Vector128.CreateScalarUnsafe(y), 0);
}

/// <summary>The cryptography extension of ARMv8.</summary>
internal readonly struct ArmAesInstructions : IAesInstructions
{
    public static bool IsSupported => ArmAes.IsSupported;

    public static Vector128<byte> Round(Vector128<byte> state, Vector128<byte> roundKey) =>
        ArmAes.MixColumns(ArmAes.Encrypt(state, roundKey));

    public static Vector128<byte> LastRound(Vector128<byte> state, Vector128<byte> roundKey) => ArmAes.Encrypt(state, roundKey);

    public static Vector128<ulong> Multiply(ulong x, ulong y) =>
        ArmAes.PolynomialMultiplyWideningLower(Vector64.CreateScalar(x), Vector64.CreateScalar(y));
}
