using System;

namespace IntercomAgent.Crypto.Primitives;

/// <summary>The AEAD ciphers that the protocols name. Whoever makes one owns it.</summary>
public static class AeadCiphers
{
    /// <summary>AES-GCM (RFC 5116 sections 5.1 and 5.2) on the processor's own instructions where it has them.</summary>
    /// <param name="key">16 or 32 bytes; not kept.</param>
    /// <exception cref="ArgumentException">The key has another length: our own mistake.</exception>
    public static AeadCipher CreateAesGcm(ReadOnlySpan<byte> key) => new AesGcm(key, AesBlocks.BestBackEnd);

    /// <summary>ChaCha20-Poly1305 (RFC 8439): fast on processors without instructions for AES.</summary>
    /// <param name="key">32 bytes; copied.</param>
    /// <exception cref="ArgumentException">The key has another length: our own mistake.</exception>
    public static AeadCipher CreateChaCha20Poly1305(ReadOnlySpan<byte> key) => new ChaCha20Poly1305(key);
}
