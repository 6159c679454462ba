using System;
using IntercomAgent.Crypto.Dtls;
using Xunit;

namespace IntercomAgent.Tests.Unit.Dtls;

/// <summary>A Finished message that is authentic and wrong: what a peer would send that saw another handshake, or that has lost its mind.</summary>
public sealed class FinishedTests
{
    private const int Body = HandshakeFragment.HeaderLength;

    [Fact]
    public void The_right_one_connects()
    {
        using DtlsPair pair = new();
        using HandMadeClient client = new(pair.Server, message => message);

        Assert.Equal(DtlsState.Connected, pair.Server.Endpoint.State);
    }

    [Fact]
    public void Each_wrong_byte_of_it_fails_the_handshake()
    {
        for (int index = 0; index < KeySchedule12.VerifyDataLength; index++)
        {
            int at = Body + index;
            AssertFails(message =>
            {
                message[at] ^= 1;
                return message;
            });
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(11)]
    [InlineData(13)]
    [InlineData(400)]
    public void Another_length_of_it_fails_the_handshake(int length) => AssertFails(message =>
    {
        byte[] changed = new byte[Body + length];
        message.AsSpan(0, Math.Min(message.Length, changed.Length)).CopyTo(changed);
        (changed[2], changed[3]) = ((byte)(length >> 8), (byte)length);
        (changed[10], changed[11]) = (changed[2], changed[3]);
        return changed;
    });

    [Theory]
    [InlineData(0, DtlsDropReason.WrongEpoch)]
    [InlineData(1, DtlsDropReason.TooLong)]
    [InlineData(4, DtlsDropReason.TooFarAhead)]
    [InlineData(6, DtlsDropReason.Malformed)]
    [InlineData(8, DtlsDropReason.Malformed)]
    [InlineData(9, DtlsDropReason.Malformed)]
    public void A_field_of_its_header_that_is_wrong_is_a_drop(int offset, DtlsDropReason reason)
    {
        using DtlsPair pair = new();
        using HandMadeClient client = new(
            pair.Server,
            message =>
            {
                message[offset] ^= 0x20;
                return message;
            });

        Assert.Equal(DtlsState.Handshaking, pair.Server.Endpoint.State);
        Assert.True(pair.Server.Endpoint.Dropped[reason] > 0, $"{reason}");
    }

    [Fact]
    public void Cut_in_two_and_repeated_it_is_whole()
    {
        using DtlsPair pair = new();
        using HandMadeClient client = new(pair.Server, message =>
        {
            byte[] first = [.. message.AsSpan(0, Body + 5)];
            byte[] second = [.. message.AsSpan(0, Body), .. message.AsSpan(Body + 5)];
            (first[11], second[8], second[11]) = (5, 5, 7);
            return [.. second, .. first, .. second];
        });

        Assert.Equal(DtlsState.Connected, pair.Server.Endpoint.State);
    }

    private static void AssertFails(Func<byte[], byte[]> change)
    {
        using DtlsPair pair = new();
        using HandMadeClient client = new(pair.Server, change);

        Assert.Equal(DtlsFailure.BadFinished, pair.Server.Failure);
        Assert.Equal(DtlsAlert.DecryptError, pair.Server.Alert);
    }
}
