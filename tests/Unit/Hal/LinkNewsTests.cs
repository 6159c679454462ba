using System;
using System.Buffers.Binary;
using IntercomAgent.Hal;
using IntercomAgent.Hal.Loop;
using IntercomAgent.Hal.Net;
using Xunit;

namespace IntercomAgent.Tests.Unit.Hal;

/// <summary>What the kernel says of links, addresses and routes, and what of it is news.</summary>
public sealed class LinkNewsTests
{
    private const ushort NewLink = 16;
    private const ushort DeletedLink = 17;
    private const ushort NewAddress = 20;
    private const ushort NewNeighbour = 28;
    private const uint Up = 0x1;
    private const uint Loopback = 0x8;
    private const uint Carrier = 0x10000;

    private readonly LinkNews _news = new();

    [Fact]
    public void A_link_that_carries_again_is_news_and_what_a_radio_says_meanwhile_is_none()
    {
        _news.Receive(Link(NewLink, 2, Up));
        Assert.Equal([NetworkChange.Other], Take());
        _news.Receive(Link(NewLink, 2, Up | Carrier));
        Assert.Equal([NetworkChange.LinkReturned], Take());
        _news.Receive(Link(NewLink, 2, Up | Carrier | 0x40));
        Assert.Empty(Take());
        _news.Receive(Link(DeletedLink, 2, Up | Carrier));
        Assert.Equal([NetworkChange.Other], Take());
    }

    [Fact]
    public void Of_several_changes_each_kind_is_told_once()
    {
        _news.Receive([.. Link(NewLink, 2, Up), .. Message(NewAddress, new byte[7]), .. Link(NewLink, 2, Up | Carrier), .. Message(NewAddress, [])]);
        Assert.Equal([NetworkChange.LinkReturned, NetworkChange.Other], Take());
        Assert.Empty(Take());
    }

    [Fact]
    public void Neither_the_loopback_nor_the_neighbours_are_news()
    {
        _news.Receive(Link(NewLink, 1, Up | Carrier | Loopback));
        _news.Receive(Message(NewNeighbour, new byte[20]));
        Assert.Empty(Take());
    }

    [Fact]
    public void What_was_lost_may_have_been_anything()
    {
        _news.Lose();
        Assert.Equal([NetworkChange.LinkReturned, NetworkChange.Other], Take());
    }

    [Fact]
    public void What_makes_no_sense_is_a_change_and_no_end()
    {
        Random random = new(7);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] noise = new byte[random.Next(80)];
            random.NextBytes(noise);
            if (noise.Length > 16 && round % 2 == 0)
            {
                BinaryPrimitives.WriteUInt32LittleEndian(noise, (uint)random.Next(noise.Length + 4));
                BinaryPrimitives.WriteUInt16LittleEndian(noise.AsSpan(4), (ushort)random.Next(16, 30));
            }

            _news.Receive(noise);
            Assert.True(Take().Length <= 2);
        }

        _news.Receive([15, 0, 0, 0, .. new byte[20]]);
        Assert.Equal([NetworkChange.Other], Take());
    }

    [Fact]
    public void The_kernel_lets_us_listen_and_the_port_closes()
    {
        using Machine machine = new();
        INetworkWatch? watch = machine.OpenNetworkWatch(new Readiness(ServiceClass.Signalling, 7), out string? problem);
        Assert.Null(problem);
        Assert.NotNull(watch);
        while (watch.TryTake(out _))
        {
            // Another test of this machine may be changing it.
        }

        watch.Dispose();
        watch.Dispose();
    }

    private NetworkChange[] Take()
    {
        NetworkChange[] taken = [];
        while (_news.TryTake(out NetworkChange change))
        {
            taken = [.. taken, change];
        }

        return taken;
    }

    private static byte[] Link(ushort type, int index, uint flags)
    {
        byte[] body = new byte[16];
        BinaryPrimitives.WriteInt32LittleEndian(body.AsSpan(4), index);
        BinaryPrimitives.WriteUInt32LittleEndian(body.AsSpan(8), flags);
        return Message(type, body);
    }

    /// <summary>A message as x86-64 and ARM lay it out, with what its alignment needs behind it.</summary>
    private static byte[] Message(ushort type, byte[] body)
    {
        byte[] message = new byte[(16 + body.Length + 3) & ~3];
        BinaryPrimitives.WriteUInt32LittleEndian(message, (uint)(16 + body.Length));
        BinaryPrimitives.WriteUInt16LittleEndian(message.AsSpan(4), type);
        body.CopyTo(message, 16);
        return message;
    }
}
