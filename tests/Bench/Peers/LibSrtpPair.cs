using System;
using System.Runtime.InteropServices;
using IntercomAgent.Crypto.Srtp;

namespace IntercomAgent.Tests.Bench.Peers;

/// <summary>Debian's libsrtp2, which most programs that speak SRTP use (srtp.h of version 2.5).</summary>
internal sealed unsafe partial class LibSrtpPair : ISrtpPair
{
    private const string Library = "libsrtp2.so.1";
    private const int Ok = 0;
    private const int AnyInbound = 2;
    private const int AnyOutbound = 3;
    private const int WindowSize = 128;

    private static readonly int Initialized = srtp_init();

    private readonly nint _sender;
    private readonly nint _receiver;

    public LibSrtpPair(SrtpProfile profile, ReadOnlySpan<byte> key, ReadOnlySpan<byte> salt)
    {
        Check(Initialized);
        byte[] master = [.. key, .. salt];
        _sender = Create(profile, master, AnyOutbound);
        _receiver = Create(profile, master, AnyInbound);
    }

    public int Protect(Span<byte> buffer, int length)
    {
        fixed (byte* packet = buffer)
        {
            Check(srtp_protect(_sender, packet, &length));
        }

        return length;
    }

    public bool Unprotect(Span<byte> packet)
    {
        int length = packet.Length;
        fixed (byte* bytes = packet)
        {
            return srtp_unprotect(_receiver, bytes, &length) == Ok;
        }
    }

    public void Dispose()
    {
        Check(srtp_dealloc(_sender));
        Check(srtp_dealloc(_receiver));
    }

    private static nint Create(SrtpProfile profile, byte[] master, int direction)
    {
        Policy policy = new() { SsrcType = direction, WindowSize = WindowSize };
        Check(srtp_crypto_policy_set_from_profile_for_rtp(&policy.Rtp, (int)profile));
        Check(srtp_crypto_policy_set_from_profile_for_rtcp(&policy.Rtcp, (int)profile));
        nint session;
        fixed (byte* key = master)
        {
            policy.Key = key;
            Check(srtp_create(&session, &policy));
        }

        return session;
    }

    private static void Check(int status)
    {
        if (status != Ok)
        {
            throw new InvalidOperationException($"libsrtp failed with status {status}");
        }
    }

    [LibraryImport(Library)]
    private static partial int srtp_init();

    [LibraryImport(Library)]
    private static partial int srtp_crypto_policy_set_from_profile_for_rtp(CryptoPolicy* policy, int profile);

    [LibraryImport(Library)]
    private static partial int srtp_crypto_policy_set_from_profile_for_rtcp(CryptoPolicy* policy, int profile);

    [LibraryImport(Library)]
    private static partial int srtp_create(nint* session, Policy* policy);

    [LibraryImport(Library)]
    private static partial int srtp_dealloc(nint session);

    [LibraryImport(Library)]
    private static partial int srtp_protect(nint session, byte* packet, int* length);

    [LibraryImport(Library)]
    private static partial int srtp_unprotect(nint session, byte* packet, int* length);

    // srtp_crypto_policy_t
    [StructLayout(LayoutKind.Sequential)]
    private struct CryptoPolicy
    {
        public int CipherType;
        public int CipherKeyLength;
        public int AuthenticationType;
        public int AuthenticationKeyLength;
        public int TagLength;
        public int Services;
    }

    // srtp_policy_t
    [StructLayout(LayoutKind.Sequential)]
    private struct Policy
    {
        public int SsrcType;
        public uint Ssrc;
        public CryptoPolicy Rtp;
        public CryptoPolicy Rtcp;
        public byte* Key;
        public void* Keys;
        public nuint KeyCount;
        public void* Deprecated;
        public nuint WindowSize;
        public int AllowRepeat;
        public void* EncryptedExtensions;
        public int EncryptedExtensionCount;
        public void* Next;
    }
}
