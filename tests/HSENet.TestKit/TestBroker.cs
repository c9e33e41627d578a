using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace HSENet.TestKit;

/// <summary>
/// A virtual host of its own on a RabbitMQ broker, made through the management API and deleted afterwards, on the private
/// development broker that <c>HSENET_TEST_RABBITMQ</c> and <c>HSENET_TEST_RABBITMQ_MGMT</c> name (deploy/dev/up.sh rabbitmq).
/// </summary>
public sealed class TestBroker : IAsyncDisposable
{
    private readonly HttpClient _http;
    private readonly List<string> _users = [];

    private TestBroker(HttpClient http, Uri amqp, string virtualHost)
    {
        _http = http;
        VirtualHost = virtualHost;
        (Host, Port) = (amqp.Host, amqp.Port);
        var user = amqp.UserInfo.Split(':', 2);
        (User, Password) = (Uri.UnescapeDataString(user[0]), Uri.UnescapeDataString(user[1]));
    }

    /// <summary>Where AMQP is spoken.</summary>
    public string Host { get; }

    /// <summary>Where AMQP is spoken.</summary>
    public int Port { get; }

    /// <summary>The virtual host of this test.</summary>
    public string VirtualHost { get; }

    /// <summary>Who may do everything in it.</summary>
    public string User { get; }

    /// <summary>The user's password.</summary>
    public string Password { get; }

    /// <summary>Settings of a worker that uses this broker.</summary>
    public Dictionary<string, string?> Settings => new()
    {
        ["Queue:Transport"] = "rabbitmq",
        ["Queue:Host"] = Host,
        ["Queue:Port"] = $"{Port}",
        ["Queue:VirtualHost"] = VirtualHost,
        ["Queue:User"] = User,
        ["Queue:Password"] = Password,
    };

    /// <summary>Makes the virtual host; see <see cref="Requirement.Missing"/> when there is no broker.</summary>
    public static async Task<TestBroker> CreateAsync()
    {
        var amqp = LocalEnvironment.Get("HSENET_TEST_RABBITMQ");
        var management = LocalEnvironment.Get("HSENET_TEST_RABBITMQ_MGMT");
        if (amqp is null || management is null)
            Requirement.Missing("A RabbitMQ broker (deploy/dev/up.sh rabbitmq)");
        try
        {
            return await CreateAsync(new Uri(amqp), new Uri(management), $"t-{Guid.NewGuid():N}");
        }
        catch (HttpRequestException e) when (e.StatusCode is null)
        {
            Requirement.Missing($"The RabbitMQ broker ({e.Message}; deploy/dev/up.sh rabbitmq)");
            throw;
        }
    }

    /// <summary>The queues and their arguments.</summary>
    public async Task<IReadOnlyDictionary<string, JsonElement>> QueuesAsync()
    {
        var queues = await _http.GetFromJsonAsync<JsonElement>($"queues/{VirtualHost}");
        return queues.EnumerateArray().ToDictionary(q => q.GetProperty("name").GetString()!, q => q.Clone());
    }

    /// <summary>Names of the exchanges.</summary>
    public async Task<IReadOnlyList<string>> ExchangesAsync()
    {
        var exchanges = await _http.GetFromJsonAsync<JsonElement>($"exchanges/{VirtualHost}");
        return [.. exchanges.EnumerateArray().Select(e => e.GetProperty("name").GetString()!)];
    }

    /// <summary>A durable queue with these arguments.</summary>
    public Task DeclareQueueAsync(string name, object arguments) => SendAsync(HttpMethod.Put, $"queues/{VirtualHost}/{name}", new { durable = true, arguments });

    /// <summary>Deletes a queue with all that is in it.</summary>
    public Task DeleteQueueAsync(string name) => SendAsync(HttpMethod.Delete, $"queues/{VirtualHost}/{name}", null);

    /// <summary>Deletes what waits in a queue.</summary>
    public Task PurgeQueueAsync(string name) => SendAsync(HttpMethod.Delete, $"queues/{VirtualHost}/{name}/contents", null);

    /// <summary>Another user, with these rights in the virtual host.</summary>
    public async Task<(string User, string Password)> CreateUserAsync(string configure, string write, string read)
    {
        var (user, password) = ($"u-{Guid.NewGuid():N}", Guid.NewGuid().ToString("N"));
        await SendAsync(HttpMethod.Put, $"users/{user}", new { password, tags = "" });
        _users.Add(user);
        await SendAsync(HttpMethod.Put, $"permissions/{VirtualHost}/{user}", new { configure, write, read });
        return (user, password);
    }

    /// <summary>Ends every connection to the virtual host from the broker's side.</summary>
    public async Task DropConnectionsAsync()
    {
        var connections = await _http.GetFromJsonAsync<JsonElement>($"vhosts/{VirtualHost}/connections");
        foreach (var connection in connections.EnumerateArray())
            await SendAsync(HttpMethod.Delete, $"connections/{Uri.EscapeDataString(connection.GetProperty("name").GetString()!)}", null);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await SendAsync(HttpMethod.Delete, $"vhosts/{VirtualHost}", null);
        foreach (var user in _users)
            await SendAsync(HttpMethod.Delete, $"users/{user}", null);
        _http.Dispose();
    }

    private static async Task<TestBroker> CreateAsync(Uri amqp, Uri management, string virtualHost)
    {
        var http = new HttpClient { BaseAddress = new Uri(management, "/api/"), Timeout = TimeSpan.FromSeconds(30) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(amqp.UserInfo))));
        var broker = new TestBroker(http, amqp, virtualHost);
        await broker.SendAsync(HttpMethod.Put, $"vhosts/{virtualHost}", null);
        await broker.SendAsync(HttpMethod.Put, $"permissions/{virtualHost}/{broker.User}", new { configure = ".*", write = ".*", read = ".*" });
        return broker;
    }

    private async Task SendAsync(HttpMethod method, string path, object? body)
    {
        using var request = new HttpRequestMessage(method, path) { Content = body is null ? null : JsonContent.Create(body) };
        using var response = await _http.SendAsync(request);
        if (!response.IsSuccessStatusCode && response.StatusCode != HttpStatusCode.NotFound)
            throw new InvalidOperationException($"{method} {path}: {(int)response.StatusCode} {await response.Content.ReadAsStringAsync()}");
    }
}
