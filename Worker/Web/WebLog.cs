using HSENet.Worker.Observability;

namespace HSENet.Worker.Web;

internal static partial class WebLog
{
    [LoggerMessage(EventIds.WebListening, LogLevel.Information, "Health and metrics at {Url}")]
    public static partial void Listening(ILogger log, Uri url);
}
