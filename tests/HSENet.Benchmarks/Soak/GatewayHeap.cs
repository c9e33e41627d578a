using System.Globalization;

namespace HSENet.Benchmarks.Soak;

/// <summary>The gateway's managed heap after its last collection, from its own metrics: what it keeps, without what it only has not given back.</summary>
internal sealed class GatewayHeap(Uri web) : IDisposable
{
    private const string Metric = "dotnet_gc_last_collection_heap_size_bytes{";

    private readonly HttpClient _http = new() { BaseAddress = web };

    /// <returns>MiB; not a number when there was no answer.</returns>
    public async Task<double> ReadMiBAsync()
    {
        try
        {
            var text = await _http.GetStringAsync(new Uri("metrics", UriKind.Relative));
            return text.Split('\n').Where(line => line.StartsWith(Metric, StringComparison.Ordinal)).Sum(Value) / (1 << 20);
        }
        catch (HttpRequestException)
        {
            return double.NaN;
        }
    }

    public void Dispose() => _http.Dispose();

    /// <summary>NAME{LABELS} VALUE [TIME]</summary>
    private static double Value(string line) => double.Parse(line[(line.IndexOf('}', StringComparison.Ordinal) + 1)..].Trim().Split(' ')[0], CultureInfo.InvariantCulture);
}
