using System.Diagnostics.CodeAnalysis;
using IntercomAgent.Station;
using Microsoft.Extensions.Logging;

namespace IntercomAgent.Logging;

/// <summary>What a station does, as lines of the log.</summary>
internal static partial class StationLog
{
    /// <summary>Logs one output of a station; <see cref="StationOutputKind.Idle"/> is no event.</summary>
    [SuppressMessage("Performance", "CA1873", Justification = "Describe only picks a constant.")]
    public static void Tell(ILogger logger, in StationOutput output)
    {
        int call = output.Call.Number;
        switch (output.Kind)
        {
            case StationOutputKind.PlaceCall:
                Calling(logger, call, output.Text);
                break;
            case StationOutputKind.RingCall:
                Alerting(logger, call, output.Text);
                break;
            case StationOutputKind.AnswerCall:
                Answering(logger, call, output.Text);
                break;
            case StationOutputKind.RejectCall:
                Rejecting(logger, call, Describe(output.Reason));
                break;
            case StationOutputKind.CancelCall:
                Cancelling(logger, call, Describe(output.Reason));
                break;
            case StationOutputKind.HangUp:
                HangingUp(logger, call, Describe(output.Reason));
                break;
            case StationOutputKind.ReportTransfer:
                Transferring(logger, call, Describe(output.Transfer));
                break;
            case StationOutputKind.OpenStrike:
                StrikeOpens(logger);
                break;
            case StationOutputKind.CloseStrike:
                StrikeCloses(logger);
                break;
            case StationOutputKind.Note:
                Note(logger, output);
                break;
            case StationOutputKind.Idle:
            default:
                break;
        }
    }

    /// <summary>Why we ended a call, in words.</summary>
    public static string Describe(StationReason reason) => reason switch
    {
        StationReason.None => "",
        StationReason.AnsweredElsewhere => "answered elsewhere",
        StationReason.AnsweredTooLate => "answered too late",
        StationReason.RingLimit => "it rang long enough",
        StationReason.HungUp => "the button was pressed",
        StationReason.VisitorRings => "a visitor rings",
        StationReason.CallLimit => "the call limit was reached",
        StationReason.Transferred => "another call has taken its place",
        StationReason.Busy => "busy",
        StationReason.Declined => "this caller is not on the list",
        StationReason.AnswerMode => "this caller demands to be answered in another way",
        StationReason.StationEnded => "the station ends",
    };

    private static string Describe(TransferProgress progress) => progress switch
    {
        TransferProgress.Refused => "it is refused",
        TransferProgress.Begun => "it is tried",
        TransferProgress.Ringing => "it rings there",
        TransferProgress.Done => "it is done",
        TransferProgress.Failed => "it came to nothing",
    };

    private static void Note(ILogger logger, in StationOutput output)
    {
        switch (output.Fact)
        {
            case StationFact.ButtonUnknown:
                ButtonUnknown(logger);
                break;
            case StationFact.NobodyAnswered:
                NobodyAnswered(logger);
                break;
            case StationFact.NobodyReachable:
                NobodyReachable(logger);
                break;
            case StationFact.CodeAccepted when output.Call == default:
                KeypadCodeAccepted(logger, output.Text);
                break;
            case StationFact.CodeWrong when output.Call == default:
                KeypadCodeWrong(logger);
                break;
            case StationFact.CodesLocked when output.Call == default:
                KeypadLocked(logger);
                break;
            case StationFact.CodeAccepted:
                CodeAccepted(logger, output.Call.Number, output.Text);
                break;
            case StationFact.CodeWrong:
                CodeWrong(logger, output.Call.Number, output.Text);
                break;
            case StationFact.CodesLocked:
                CodesLocked(logger, output.Call.Number, output.Text);
                break;
            case StationFact.DigitUnsecured:
                DigitUnsecured(logger, output.Call.Number, output.Text);
                break;
            case StationFact.HandshakeRefused:
                HandshakeRefused(logger, output.Call.Number, output.Text);
                break;
            case StationFact.EncryptionRefused:
                EncryptionRefused(logger, output.Call.Number, output.Text);
                break;
            case StationFact.None:
            default:
                break;
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "call {Call}: calling {Target}")]
    private static partial void Calling(ILogger logger, int call, string target);

    [LoggerMessage(
        Level = LogLevel.Information, Message = "call {Call}: {Target} takes no DTLS-SRTP; it is called again with keys in the signalling")]
    private static partial void HandshakeRefused(ILogger logger, int call, string target);

    [LoggerMessage(Level = LogLevel.Warning, Message = "call {Call}: {Target} takes no encryption; it is called again without")]
    private static partial void EncryptionRefused(ILogger logger, int call, string target);

    [LoggerMessage(Level = LogLevel.Information, Message = "call {Call}: {Caller} rings here")]
    private static partial void Alerting(ILogger logger, int call, string caller);

    [LoggerMessage(Level = LogLevel.Information, Message = "call {Call}: answering {Caller}")]
    private static partial void Answering(ILogger logger, int call, string caller);

    [LoggerMessage(Level = LogLevel.Information, Message = "call {Call}: rejected: {Reason}")]
    private static partial void Rejecting(ILogger logger, int call, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "call {Call}: taken back: {Reason}")]
    private static partial void Cancelling(ILogger logger, int call, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "call {Call}: hung up: {Reason}")]
    private static partial void HangingUp(ILogger logger, int call, string reason);

    [LoggerMessage(Level = LogLevel.Information, Message = "call {Call}: its transfer: {Progress}")]
    private static partial void Transferring(ILogger logger, int call, string progress);

    [LoggerMessage(Level = LogLevel.Information, Message = "strike opens")]
    private static partial void StrikeOpens(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "strike closes")]
    private static partial void StrikeCloses(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "a button was pressed that has no [[button]] in the configuration")]
    private static partial void ButtonUnknown(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "nobody answered the button")]
    private static partial void NobodyAnswered(ILogger logger);

    [LoggerMessage(Level = LogLevel.Error, Message = "the button reached nobody: no target rang")]
    private static partial void NobodyReachable(ILogger logger);

    [LoggerMessage(Level = LogLevel.Information, Message = "call {Call}: the code \"{Name}\" was entered")]
    private static partial void CodeAccepted(ILogger logger, int call, string name);

    [LoggerMessage(Level = LogLevel.Information, Message = "the code \"{Name}\" was entered at the keypad")]
    private static partial void KeypadCodeAccepted(ILogger logger, string name);

    [LoggerMessage(Level = LogLevel.Warning, Message = "a wrong code was entered at the keypad")]
    private static partial void KeypadCodeWrong(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "one wrong code too many at the keypad: it is locked for a time")]
    private static partial void KeypadLocked(ILogger logger);

    [LoggerMessage(Level = LogLevel.Warning, Message = "call {Call}: a wrong code was entered by {Peer}")]
    private static partial void CodeWrong(ILogger logger, int call, string peer);

    [LoggerMessage(Level = LogLevel.Warning, Message = "call {Call}: one wrong code too many by {Peer}: codes are locked for a time")]
    private static partial void CodesLocked(ILogger logger, int call, string peer);

    [LoggerMessage(Level = LogLevel.Warning, Message = "call {Call}: digits of {Peer} do not count, as the call is not secured")]
    private static partial void DigitUnsecured(ILogger logger, int call, string peer);
}
