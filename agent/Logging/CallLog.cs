using IntercomAgent.Calls;
using IntercomAgent.Crypto.Srtp;
using IntercomAgent.Media;
using Microsoft.Extensions.Logging;

namespace IntercomAgent.Logging;

/// <summary>What happens to calls, as lines of the log.</summary>
internal static partial class CallLog
{
    /// <summary>It rings at the target.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "call {Call}: it rings there")]
    public static partial void Ringing(ILogger logger, int call);

    /// <summary>The call is answered.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "call {Call}: answered")]
    public static partial void Answered(ILogger logger, int call);

    /// <summary>The peer wants the call to go on with somebody else.</summary>
    [LoggerMessage(Level = LogLevel.Information, Message = "call {Call}: is to be transferred to {Target}")]
    public static partial void TransferAsked(ILogger logger, int call, string target);

    /// <summary>A call could not even be tried.</summary>
    [LoggerMessage(Level = LogLevel.Error, Message = "call {Call}: cannot be placed: {Problem}")]
    public static partial void CannotPlace(ILogger logger, int call, string problem);

    /// <summary>A caller was refused before it came to a call.</summary>
    [LoggerMessage(Level = LogLevel.Warning, Message = "{Peer} was turned away: {Problem}")]
    public static partial void TurnedAway(ILogger logger, string peer, string problem);

    /// <summary>Somebody sent a text, which was refused.</summary>
    [LoggerMessage(Level = LogLevel.Debug, Message = "{Peer} sent a text: {Text}")]
    public static partial void Text(ILogger logger, string peer, string text);

    /// <summary>The media are encrypted: the peer's fingerprint matched, or signalling brought the keys.</summary>
    public static void Secured(ILogger logger, int call, SecurityFacts facts)
    {
        string profile = facts.Profile?.Name ?? "";
        if (facts.CipherSuite.Length > 0)
        {
            Secured(logger, call, facts.CipherSuite, profile, facts.Handshake.TotalMilliseconds);
        }
        else
        {
            SecuredBySignalling(logger, call, profile);
        }
    }

    /// <summary>What arrived in the call and had no effect, if anything.</summary>
    public static void Dropped(ILogger logger, int call, CallReport? report)
    {
        if (report is { Dropped.IsEmpty: false })
        {
            Dropped(logger, call, report.Dropped);
        }
    }

    /// <summary>How the other side heard us, if it said so.</summary>
    public static void HeardThere(ILogger logger, int call, CallReport? report)
    {
        if (report?.Stream.HeardThere is { } hearing)
        {
            HeardThere(logger, call, hearing);
        }
    }

    /// <summary>What the sound device has been through in the call, if anything.</summary>
    public static void Sound(ILogger logger, int call, SoundTally sound)
    {
        if (sound != default)
        {
            Disturbed(logger, call, sound);
        }
    }

    /// <summary>How loud the two of the call have spoken.</summary>
    public static void Levels(ILogger logger, int call, CallReport? report)
    {
        if (report is not null)
        {
            Levels(logger, call, report.Levels);
        }
    }

    /// <summary>The call is over, and not by us.</summary>
    public static void Ended(ILogger logger, int call, in CallEvent ended)
    {
        if (ended.Problem is null)
        {
            HungUp(logger, call);
        }
        else if (ended.Status == 0)
        {
            Broken(logger, call, ended.Problem);
        }
        else
        {
            Refused(logger, call, ended.Status, ended.Problem);
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "call {Call}: secured with {Suite}, {Profile}, in {Milliseconds:F1} ms")]
    private static partial void Secured(ILogger logger, int call, string suite, string profile, double milliseconds);

    [LoggerMessage(Level = LogLevel.Information, Message = "call {Call}: secured with {Profile}, by keys from the signalling")]
    private static partial void SecuredBySignalling(ILogger logger, int call, string profile);

    [LoggerMessage(Level = LogLevel.Debug, Message = "call {Call}: dropped {Drops}")]
    private static partial void Dropped(ILogger logger, int call, DropTally drops);

    [LoggerMessage(Level = LogLevel.Information, Message = "call {Call}: heard there with {Hearing}")]
    private static partial void HeardThere(ILogger logger, int call, PeerHearing hearing);

    [LoggerMessage(Level = LogLevel.Information, Message = "call {Call}: its sound was disturbed: {Sound}")]
    private static partial void Disturbed(ILogger logger, int call, SoundTally sound);

    [LoggerMessage(Level = LogLevel.Information, Message = "call {Call}: {Levels}")]
    private static partial void Levels(ILogger logger, int call, string levels);

    [LoggerMessage(Level = LogLevel.Information, Message = "call {Call}: the other side hung up")]
    private static partial void HungUp(ILogger logger, int call);

    [LoggerMessage(Level = LogLevel.Information, Message = "call {Call}: ended with {Status} {Reason}")]
    private static partial void Refused(ILogger logger, int call, int status, string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "call {Call}: ended, as {Problem}")]
    private static partial void Broken(ILogger logger, int call, string problem);
}
