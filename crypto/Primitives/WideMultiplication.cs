using System.Runtime.CompilerServices;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>A number of several words, whose products are made with the means that a type parameter names.</summary>
/// <typeparam name="TNumber">The number itself.</typeparam>
internal interface IWideNumber<TNumber>
    where TNumber : struct, IWideNumber<TNumber>
{
    /// <summary>Multiplies two factors.</summary>
    static abstract void Multiply<T>(in TNumber left, in TNumber right, out TNumber product)
        where T : IWideMultiplication;

    /// <summary>Multiplies a factor with itself.</summary>
    static abstract void Square<T>(in TNumber factor, out TNumber square)
        where T : IWideMultiplication;
}

/// <summary>The best means that this processor has: asked once for each product.</summary>
internal static class WideMultiplication
{
    /// <summary>Multiplies two factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply<TNumber>(in TNumber left, in TNumber right, out TNumber product)
        where TNumber : struct, IWideNumber<TNumber>
    {
        if (MulxMultiplication.IsSupported)
        {
            TNumber.Multiply<MulxMultiplication>(left, right, out product);
        }
        else if (UmulhMultiplication.IsSupported)
        {
            TNumber.Multiply<UmulhMultiplication>(left, right, out product);
        }
        else
        {
            TNumber.Multiply<PlainMultiplication>(left, right, out product);
        }
    }

    /// <summary>Multiplies a factor with itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Square<TNumber>(in TNumber factor, out TNumber square)
        where TNumber : struct, IWideNumber<TNumber>
    {
        if (MulxMultiplication.IsSupported)
        {
            TNumber.Square<MulxMultiplication>(factor, out square);
        }
        else if (UmulhMultiplication.IsSupported)
        {
            TNumber.Square<UmulhMultiplication>(factor, out square);
        }
        else
        {
            TNumber.Square<PlainMultiplication>(factor, out square);
        }
    }
}
