using System.Net.Sockets;
using System.Security.Authentication;
using FellowOakDicom.Network;

namespace HSENet.Dicom.Sending;

/// <summary>What went wrong with an association, in stable codes.</summary>
internal static class SendFailure
{
    public static SendOutcome.Failed NoAnswer { get; } = new("delivery.aborted", "the association ended before the response", IsTransient: true);

    /// <summary>A fault of this program, not of the peer: nothing of a report has left.</summary>
    public static SendOutcome.Failed Unguarded { get; } = new(
        SendOutcome.Failed.Unguarded, "this build's DICOM toolkit opens connections past the guard, and without TLS: nothing is sent", IsTransient: false);

    public static SendOutcome.Failed RefusedContext(string? sopClassUid) =>
        new("delivery.refused-context", $"no presentation context accepted for SOP class {sopClassUid}", IsTransient: false);

    public static SendOutcome.Failed Answered(PeerAnswer answer) =>
        new("delivery.status", answer.ToString(), IsTransient: answer.Status.Meaning == StatusMeaning.Passing) { Status = answer.Status.Code, Answer = answer };

    public static SendOutcome.Failed Timeout(TimeSpan limit, string what) =>
        new("delivery.timeout", $"no {what} within {limit.TotalSeconds:0} s", IsTransient: true);

    /// <summary>Null for an exception that is not the peer's or the network's doing.</summary>
    /// <param name="exception">Out of the toolkit.</param>
    /// <param name="wasAccepted">Whether there was an association.</param>
    /// <param name="limits">Those that may have passed.</param>
    public static SendOutcome.Failed? Of(Exception exception, bool wasAccepted, ScuLimits limits) => exception switch
    {
        AggregateException { InnerException: { } inner } => Of(inner, wasAccepted, limits),
        DicomAssociationRejectedException e => new(
            "delivery.rejected", $"{e.RejectResult}, {e.RejectSource}, {e.RejectReason}", e.RejectResult == DicomRejectResult.Transient),
        DicomAssociationRequestTimedOutException => Timeout(limits.Associate, "answer to the association request"),
        DicomRequestTimedOutException => Timeout(limits.Response, "response"),
        DicomAssociationAbortedException e => new("delivery.aborted", $"{e.AbortSource}, {e.AbortReason}", IsTransient: true),
        { } e when TlsReason(e) is { } reason => new("delivery.tls", reason, IsTransient: true),
        DicomNetworkException or SocketException or IOException or ObjectDisposedException or OperationCanceledException => wasAccepted
            ? new("delivery.aborted", "the connection was lost", IsTransient: true)
            : new("delivery.unreachable", Reason(exception), IsTransient: true),
        _ => null,
    };

    /// <summary>Null when it was not the handshake.</summary>
    private static string? TlsReason(Exception? exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is AuthenticationException)
                return e.Message;
        }

        return null;
    }

    private static string Reason(Exception exception)
    {
        for (var e = exception; e is not null; e = e.InnerException)
        {
            if (e is SocketException socket)
                return $"no connection: {socket.SocketErrorCode}";
        }

        return "no connection";
    }
}
