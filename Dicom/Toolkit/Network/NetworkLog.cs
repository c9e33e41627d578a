using Microsoft.Extensions.Logging;

namespace FellowOakDicom.Network;

/// <summary>Log messages of the network part, ids 1900 to 1949. Exceptions appear by type only: their text could hold patient data.</summary>
internal static partial class NetworkLog
{
    [LoggerMessage(1900, LogLevel.Warning, "The peer broke the protocol: {Fault}")]
    public static partial void ProtocolError(this ILogger log, string fault);

    [LoggerMessage(1901, LogLevel.Error, "A handler of the service failed with {Exception}")]
    public static partial void HandlerFailed(this ILogger log, string exception);

    [LoggerMessage(1902, LogLevel.Error, "An instance could not be received: {Exception}")]
    public static partial void ReceiveFailed(this ILogger log, string exception);

    [LoggerMessage(1903, LogLevel.Warning, "An association request was answered a second time; the second answer was not sent")]
    public static partial void SecondAnswer(this ILogger log);

    [LoggerMessage(1904, LogLevel.Warning, "A connection could not be set up: {Exception}")]
    public static partial void ConnectionFailed(this ILogger log, string exception);

    [LoggerMessage(1905, LogLevel.Error, "No further connections are accepted: {Exception}")]
    public static partial void ListenerFailed(this ILogger log, string exception);

    [LoggerMessage(1907, LogLevel.Warning, "A request of the peer was not answered within {Seconds} s; the association ends without it")]
    public static partial void HandlerTooSlow(this ILogger log, double seconds);

    [LoggerMessage(1906, LogLevel.Error, "An association was aborted over {Exception}")]
    public static partial void AssociationFailed(this ILogger log, string exception);
}
