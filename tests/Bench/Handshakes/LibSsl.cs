using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace IntercomAgent.Tests.Bench.Handshakes;

/// <summary>What the bench calls of OpenSSL's libssl, and the constants of its headers.</summary>
internal static unsafe partial class LibSsl
{
    public const int Dtls12 = 0xFEFD;
    public const int SetMtu = 17;
    public const int SetSessionCacheMode = 44;
    public const int SetGroups = 92;
    public const int SetMinimumVersion = 123;
    public const int SetMaximumVersion = 124;
    public const ulong NoQueryMtu = 1 << 12;
    public const ulong NoTicket = 1 << 14;

    /// <summary>The certificate is asked for and must come.</summary>
    public const int VerifyPeer = 1 | 2;

    private const string Library = "libssl.so.3";

    /// <summary>Accepts any certificate, as one does who goes by fingerprints.</summary>
    public static delegate* unmanaged[Cdecl]<nint, nint, int> AcceptAny => &Accept;

    [LibraryImport(Library)]
    public static partial nint DTLS_method();

    [LibraryImport(Library)]
    public static partial nint SSL_CTX_new(nint method);

    [LibraryImport(Library)]
    public static partial void SSL_CTX_free(nint context);

    [LibraryImport(Library)]
    public static partial long SSL_CTX_ctrl(nint context, int command, long number, byte* text);

    [LibraryImport(Library)]
    public static partial ulong SSL_CTX_set_options(nint context, ulong options);

    [LibraryImport(Library)]
    public static partial int SSL_CTX_set_cipher_list(nint context, byte* list);

    [LibraryImport(Library)]
    public static partial int SSL_CTX_set_tlsext_use_srtp(nint context, byte* profiles);

    [LibraryImport(Library)]
    public static partial int SSL_CTX_use_certificate_ASN1(nint context, int length, byte* der);

    [LibraryImport(Library)]
    public static partial int SSL_CTX_use_PrivateKey_ASN1(int type, nint context, byte* der, long length);

    [LibraryImport(Library)]
    public static partial void SSL_CTX_set_verify(nint context, int mode, nint callback);

    [LibraryImport(Library)]
    public static partial void SSL_CTX_set_cert_verify_callback(
        nint context, delegate* unmanaged[Cdecl]<nint, nint, int> callback, nint argument);

    [LibraryImport(Library)]
    public static partial nint SSL_new(nint context);

    [LibraryImport(Library)]
    public static partial void SSL_free(nint connection);

    [LibraryImport(Library)]
    public static partial long SSL_ctrl(nint connection, int command, long number, nint pointer);

    [LibraryImport(Library)]
    public static partial void SSL_set_bio(nint connection, nint read, nint write);

    [LibraryImport(Library)]
    public static partial void SSL_set_connect_state(nint connection);

    [LibraryImport(Library)]
    public static partial void SSL_set_accept_state(nint connection);

    [LibraryImport(Library)]
    public static partial int SSL_do_handshake(nint connection);

    [LibraryImport(Library)]
    public static partial int SSL_export_keying_material(
        nint connection, byte* output, nuint length, byte* label, nuint labelLength, byte* context, nuint contextLength, int useContext);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Accept(nint store, nint argument) => 1;
}
