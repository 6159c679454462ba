using System.Runtime.CompilerServices;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>The best means that this processor has: asked once for each product.</summary>
internal static class WideMultiplication
{
    /// <summary>Multiplies two factors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Multiply<TNumber>(in TNumber left, in TNumber right, out TNumber product)
        where TNumber : struct, IFiveLimbs<TNumber>
    {
        if (MulxMultiplication.IsSupported)
        {
            LimbProduct.Multiply<MulxMultiplication, TNumber>(left, right, out product);
        }
        else if (UmulhMultiplication.IsSupported)
        {
            LimbProduct.Multiply<UmulhMultiplication, TNumber>(left, right, out product);
        }
        else
        {
            LimbProduct.Multiply<PlainMultiplication, TNumber>(left, right, out product);
        }
    }

    /// <summary>Multiplies a factor with itself.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Square<TNumber>(in TNumber factor, out TNumber square)
        where TNumber : struct, IFiveLimbs<TNumber>
    {
        if (MulxMultiplication.IsSupported)
        {
            LimbProduct.Square<MulxMultiplication, TNumber>(factor, out square);
        }
        else if (UmulhMultiplication.IsSupported)
        {
            LimbProduct.Square<UmulhMultiplication, TNumber>(factor, out square);
        }
        else
        {
            LimbProduct.Square<PlainMultiplication, TNumber>(factor, out square);
        }
    }
}
