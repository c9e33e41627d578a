namespace HSENet.Dicom.Security;

/// <summary>What went wrong in a handshake, in stable codes.</summary>
internal static class TlsFailure
{
    public static HandshakeFailure Of(Exception exception, string remoteHost, string? objection, bool isTimeUp) => exception switch
    {
        _ when objection is not null => new(remoteHost, "tls.client-certificate", objection),
        _ when isTimeUp => new(remoteHost, "tls.timeout", $"no handshake within {TlsProfile.HandshakeLimit.TotalSeconds:0} s"),
        IOException or ObjectDisposedException => new(remoteHost, "tls.closed", "the peer closed the connection"),
        _ => new(remoteHost, "tls.handshake", Reason(exception)),
    };

    /// <summary>The innermost message: the library's own, about protocol and keys, never about a patient.</summary>
    private static string Reason(Exception exception)
    {
        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception.Message;
    }
}
