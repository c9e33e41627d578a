using System.Collections.Concurrent;
using System.Net;
using System.Text;
using HSENet.TestKit;

namespace HSENet.EndToEnd.Tests;

/// <summary>A span as a collector gets it.</summary>
internal sealed record ReceivedSpan(string Scope, string Name, string TraceId, string SpanId, string ParentId);

/// <summary>Takes traces and metrics over OTLP (http/protobuf) and keeps spans and names: the fields of opentelemetry-proto's trace.proto and metrics.proto, read by number.</summary>
internal sealed class OtlpCollector : IAsyncDisposable
{
    private readonly HttpListener _listener = new();
    private readonly Task _loop;

    public OtlpCollector()
    {
        Url = $"http://127.0.0.1:{FreePort.Next()}";
        _listener.Prefixes.Add($"{Url}/");
        _listener.Start();
        _loop = RunAsync();
    }

    public string Url { get; }

    public ConcurrentQueue<ReceivedSpan> Spans { get; } = new();

    /// <summary>Names of the metrics that came.</summary>
    public ConcurrentQueue<string> Metrics { get; } = new();

    /// <summary>Everything that was received, as text: to look for what must not be in it.</summary>
    public ConcurrentQueue<string> Bodies { get; } = new();

    public async ValueTask DisposeAsync()
    {
        _listener.Close();
        await _loop;
    }

    private async Task RunAsync()
    {
        while (true)
        {
            HttpListenerContext context;
            try
            {
                context = await _listener.GetContextAsync();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            using var body = new MemoryStream();
            await context.Request.InputStream.CopyToAsync(body);
            Bodies.Enqueue(Encoding.Latin1.GetString(body.ToArray()));
            if (context.Request.Url!.AbsolutePath == "/v1/traces")
                TakeSpans(body.ToArray());
            if (context.Request.Url.AbsolutePath == "/v1/metrics")
                TakeMetrics(body.ToArray());
            context.Response.Close();
        }
    }

    private void TakeMetrics(byte[] request)
    {
        foreach (var metric in Scopes(request).SelectMany(scope => Fields(scope, 2)))
            Metrics.Enqueue(Encoding.UTF8.GetString(First(metric, 1)));
    }

    private void TakeSpans(byte[] request)
    {
        foreach (var scope in Scopes(request))
        {
            var name = Fields(scope, 1).SelectMany(s => Fields(s, 1)).Select(Encoding.UTF8.GetString).FirstOrDefault("");
            foreach (var span in Fields(scope, 2))
                Spans.Enqueue(new(name, Encoding.UTF8.GetString(First(span, 5)), Hex(span, 1), Hex(span, 2), Hex(span, 4)));
        }
    }

    private static IEnumerable<byte[]> Scopes(byte[] request) => Fields(request, 1).SelectMany(resource => Fields(resource, 2));

    private static string Hex(byte[] message, int field) => Convert.ToHexStringLower(First(message, field));

    private static byte[] First(byte[] message, int field) => Fields(message, field).FirstOrDefault([]);

    /// <summary>The length-delimited fields of a protobuf message that have this number.</summary>
    private static IEnumerable<byte[]> Fields(byte[] message, int number)
    {
        var at = 0;
        while (at < message.Length)
        {
            var key = Varint(message, ref at);
            switch (key & 7)
            {
                case 0:
                    Varint(message, ref at);
                    break;
                case 1:
                    at += 8;
                    break;
                case 5:
                    at += 4;
                    break;
                default:
                    var length = (int)Varint(message, ref at);
                    if (key >> 3 == (ulong)number)
                        yield return message[at..(at + length)];
                    at += length;
                    break;
            }
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var b = message[at++];
            value |= (ulong)(b & 0x7F) << shift;
            if (b < 0x80)
                return value;
        }
    }
}
