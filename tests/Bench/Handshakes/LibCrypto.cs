using System;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IntercomAgent.Tests.Bench.Handshakes;

/// <summary>What the bench calls of OpenSSL's libcrypto, and the constants of its headers.</summary>
internal static unsafe partial class LibCrypto
{
    public const int X25519 = 1034;
    public const int EllipticCurveKey = 408;
    public const int P256 = 415;
    public const int GetAeadTag = 16;
    public const int SetAeadTag = 17;

    private const string Library = "libcrypto.so.3";

    /// <summary>Throws when a function has not said that all is well.</summary>
    public static void Check(long result, [CallerArgumentExpression(nameof(result))] string call = "")
    {
        if (result <= 0)
        {
            throw new InvalidOperationException($"OpenSSL refused: {call}");
        }
    }

    [LibraryImport(Library)]
    public static partial nint BIO_s_mem();

    [LibraryImport(Library)]
    public static partial nint BIO_new(nint method);

    [LibraryImport(Library)]
    public static partial int BIO_up_ref(nint bio);

    [LibraryImport(Library)]
    public static partial nint EVP_PKEY_CTX_new_id(int id, nint engine);

    [LibraryImport(Library)]
    public static partial nint EVP_PKEY_CTX_new(nint key, nint engine);

    [LibraryImport(Library)]
    public static partial void EVP_PKEY_CTX_free(nint context);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_CTX_set_ec_paramgen_curve_nid(nint context, int curve);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_keygen_init(nint context);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_keygen(nint context, nint* key);

    [LibraryImport(Library)]
    public static partial nuint EVP_PKEY_get1_encoded_public_key(nint key, byte** encoded);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_set1_encoded_public_key(nint key, byte* encoded, nuint length);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_copy_parameters(nint to, nint from);

    [LibraryImport(Library)]
    public static partial nint EVP_PKEY_new();

    [LibraryImport(Library)]
    public static partial void EVP_PKEY_free(nint key);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_derive_init(nint context);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_derive_set_peer(nint context, nint peer);

    [LibraryImport(Library)]
    public static partial int EVP_PKEY_derive(nint context, byte* secret, nuint* length);

    [LibraryImport(Library)]
    public static partial nint d2i_AutoPrivateKey(nint* key, byte** der, long length);

    [LibraryImport(Library)]
    public static partial nint d2i_X509(nint* certificate, byte** der, long length);

    [LibraryImport(Library)]
    public static partial void X509_free(nint certificate);

    [LibraryImport(Library)]
    public static partial nint X509_get_pubkey(nint certificate);

    [LibraryImport(Library)]
    public static partial int X509_digest(nint certificate, nint digest, byte* hash, uint* length);

    [LibraryImport(Library)]
    public static partial nint EVP_sha256();

    [LibraryImport(Library)]
    public static partial int EVP_Digest(byte* data, nuint length, byte* hash, uint* hashLength, nint digest, nint engine);

    [LibraryImport(Library)]
    public static partial nint EVP_MD_CTX_new();

    [LibraryImport(Library)]
    public static partial void EVP_MD_CTX_free(nint context);

    [LibraryImport(Library)]
    public static partial int EVP_DigestSignInit(nint context, nint* keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Library)]
    public static partial int EVP_DigestSign(nint context, byte* signature, nuint* signatureLength, byte* data, nuint length);

    [LibraryImport(Library)]
    public static partial int EVP_DigestVerifyInit(nint context, nint* keyContext, nint digest, nint engine, nint key);

    [LibraryImport(Library)]
    public static partial int EVP_DigestVerify(nint context, byte* signature, nuint signatureLength, byte* data, nuint length);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint EVP_KDF_fetch(nint library, string name, string? properties);

    [LibraryImport(Library)]
    public static partial nint EVP_KDF_CTX_new(nint kdf);

    [LibraryImport(Library)]
    public static partial void EVP_KDF_CTX_free(nint context);

    [LibraryImport(Library)]
    public static partial int EVP_KDF_derive(nint context, byte* output, nuint length, Parameter* parameters);

    [LibraryImport(Library)]
    public static partial nint EVP_aes_128_gcm();

    [LibraryImport(Library)]
    public static partial nint EVP_CIPHER_CTX_new();

    [LibraryImport(Library)]
    public static partial void EVP_CIPHER_CTX_free(nint context);

    [LibraryImport(Library)]
    public static partial int EVP_CipherInit_ex(nint context, nint cipher, nint engine, byte* key, byte* nonce, int isEncryption);

    [LibraryImport(Library)]
    public static partial int EVP_CipherUpdate(nint context, byte* output, int* outputLength, byte* input, int length);

    [LibraryImport(Library)]
    public static partial int EVP_CipherFinal_ex(nint context, byte* output, int* outputLength);

    [LibraryImport(Library)]
    public static partial int EVP_CIPHER_CTX_ctrl(nint context, int command, int number, byte* pointer);

    [LibraryImport(Library)]
    public static partial void CRYPTO_free(void* memory, byte* file, int line);

    /// <summary>OSSL_PARAM.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct Parameter
    {
        public const uint Utf8String = 4;
        public const uint OctetString = 5;

        public byte* Key;
        public uint Type;
        public byte* Data;
        public nuint Size;
        public nuint ReturnSize;
    }
}
