using System.Net.Security;
using System.Security.Authentication;
using HSENet.Worker.Configuration;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace HSENet.Worker.Checks;

/// <summary>Whether the broker takes us: address, certificate, user and virtual host. The in-memory transport always does.</summary>
internal static class BrokerCheck
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(15);

    /// <returns>Null when all is well.</returns>
    public static async Task<string?> RunAsync(QueueOptions options, CancellationToken cancellationToken)
    {
        if (options.Transport != "rabbitmq")
        {
            return null;
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        try
        {
            await using var connection = await Factory(options).CreateConnectionAsync("hsenet-check", limit.Token);
            await connection.CloseAsync(limit.Token);
            return null;
        }
        catch (Exception e) when (e is BrokerUnreachableException or OperationInterruptedException or IOException or OperationCanceledException
            && !cancellationToken.IsCancellationRequested)
        {
            return $"{options.Host}:{options.Port}{options.VirtualHost}: {Reason(e)}";
        }
    }

    private static ConnectionFactory Factory(QueueOptions options)
    {
        var factory = new ConnectionFactory
        {
            HostName = options.Host,
            Port = options.Port,
            VirtualHost = options.VirtualHost,
            RequestedConnectionTimeout = Limit,
            AutomaticRecoveryEnabled = false,
        };
        if (!string.IsNullOrEmpty(options.User))
        {
            factory.UserName = options.User;
            factory.Password = options.Password ?? "";
        }

        if (options.Tls)
        {
            // the client's own defaults let an untrusted chain through
            factory.Ssl = new SslOption
            {
                Enabled = true,
                ServerName = options.Host,
                Version = SslProtocols.Tls12 | SslProtocols.Tls13,
                AcceptablePolicyErrors = SslPolicyErrors.None,
            };
        }

        return factory;
    }

    private static string Reason(Exception exception)
    {
        if (exception is OperationCanceledException)
        {
            return $"no answer within {Limit.TotalSeconds:0} s";
        }

        while (exception.InnerException is { } inner)
        {
            exception = inner;
        }

        return exception.Message;
    }
}
