using System;

namespace IntercomAgent.Sip;

/// <summary>The methods of RFC 3261 and of its extensions, as far as they are told apart.</summary>
internal enum SipMethod
{
    Invite,
    Ack,
    Bye,
    Cancel,
    Options,
    Register,
    Info,
    Prack,
    Update,
    Message,
    Notify,
    Refer,

    /// <summary>A method of a published extension that is not offered here: 405.</summary>
    NotAllowed,

    /// <summary>A method that nobody knows: 501.</summary>
    Unknown,
}

/// <summary>The names of methods on the wire, which are case-sensitive (RFC 3261 section 7.1).</summary>
internal static class SipMethods
{
    /// <summary>The header line that says which methods we accept.</summary>
    /// <param name="transfers">Whether calls may be transferred.</param>
    public static ReadOnlySpan<byte> AllowLine(bool transfers) => transfers
        ? "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE, NOTIFY, REFER\r\n"u8
        : "Allow: INVITE, ACK, CANCEL, BYE, OPTIONS, INFO, PRACK, UPDATE, NOTIFY\r\n"u8;

    /// <summary>The method that a name stands for.</summary>
    public static SipMethod Parse(ReadOnlySpan<byte> name) => name switch
    {
        _ when name.SequenceEqual("INVITE"u8) => SipMethod.Invite,
        _ when name.SequenceEqual("ACK"u8) => SipMethod.Ack,
        _ when name.SequenceEqual("BYE"u8) => SipMethod.Bye,
        _ when name.SequenceEqual("CANCEL"u8) => SipMethod.Cancel,
        _ when name.SequenceEqual("OPTIONS"u8) => SipMethod.Options,
        _ when name.SequenceEqual("REGISTER"u8) => SipMethod.Register,
        _ when name.SequenceEqual("INFO"u8) => SipMethod.Info,
        _ when name.SequenceEqual("PRACK"u8) => SipMethod.Prack,
        _ when name.SequenceEqual("UPDATE"u8) => SipMethod.Update,
        _ when name.SequenceEqual("MESSAGE"u8) => SipMethod.Message,
        _ when name.SequenceEqual("NOTIFY"u8) => SipMethod.Notify,
        _ when name.SequenceEqual("REFER"u8) => SipMethod.Refer,
        _ when name.SequenceEqual("SUBSCRIBE"u8) || name.SequenceEqual("PUBLISH"u8) => SipMethod.NotAllowed,
        _ => SipMethod.Unknown,
    };

    /// <summary>The name of a method that we send.</summary>
    public static ReadOnlySpan<byte> Name(SipMethod method) => method switch
    {
        SipMethod.Invite => "INVITE"u8,
        SipMethod.Ack => "ACK"u8,
        SipMethod.Bye => "BYE"u8,
        SipMethod.Cancel => "CANCEL"u8,
        SipMethod.Options => "OPTIONS"u8,
        SipMethod.Register => "REGISTER"u8,
        SipMethod.Info => "INFO"u8,
        SipMethod.Prack => "PRACK"u8,
        SipMethod.Update => "UPDATE"u8,
        SipMethod.Message => "MESSAGE"u8,
        SipMethod.Notify => "NOTIFY"u8,
        SipMethod.Refer or SipMethod.NotAllowed or SipMethod.Unknown => throw new ArgumentOutOfRangeException(nameof(method)),
    };
}
