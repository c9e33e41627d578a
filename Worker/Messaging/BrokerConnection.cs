using System.Net.Security;
using HSENet.Worker.Configuration;
using RabbitMQ.Client;
using RabbitMQ.Client.Exceptions;

namespace HSENet.Worker.Messaging;

/// <summary>Connections of our own, beside MassTransit's: for looking at the broker and for dead letters.</summary>
internal static class BrokerConnection
{
    private static readonly TimeSpan Timeout = TimeSpan.FromSeconds(10);

    /// <param name="options">Where the broker is.</param>
    /// <param name="purpose">Shown by the broker's management pages.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <exception cref="WorkerException"><c>queue.unreachable</c>, <c>queue.tls</c> or <c>queue.refused</c>.</exception>
    public static async Task<IConnection> OpenAsync(QueueOptions options, string purpose, CancellationToken cancellationToken)
    {
        var factory = new ConnectionFactory
        {
            HostName = options.Host,
            Port = options.Port,
            VirtualHost = options.VirtualHost,
            UserName = options.User ?? "",
            Password = options.Password ?? "",
            ClientProvidedName = $"hsenet-worker {purpose}",
            AutomaticRecoveryEnabled = false,
            RequestedHeartbeat = TimeSpan.FromSeconds(15),
            RequestedConnectionTimeout = Timeout,
            SocketReadTimeout = Timeout,
            SocketWriteTimeout = Timeout,
            HandshakeContinuationTimeout = Timeout,
            ContinuationTimeout = Timeout,
        };
        if (options.Tls)
        {
            factory.Ssl = new SslOption
            {
                Enabled = true,
                ServerName = options.Host,
                Version = BrokerTrust.Protocols,
                AcceptablePolicyErrors = SslPolicyErrors.None,
                CertificateValidationCallback = BrokerTrust.Load(options).Accept,
            };
        }

        try
        {
            var connection = await factory.CreateConnectionAsync(cancellationToken);
            try
            {
                // a virtual host that is not there or not allowed is told no sooner
                await using var channel = await connection.CreateChannelAsync(cancellationToken: cancellationToken);
                return connection;
            }
            catch
            {
                await connection.DisposeAsync();
                throw;
            }
        }
        catch (Exception e) when (e is BrokerUnreachableException or OperationInterruptedException or AlreadyClosedException or IOException or TimeoutException)
        {
            throw Explain(options, e);
        }
    }

    /// <summary>What to tell an operator; the library's own messages name the user.</summary>
    public static WorkerException Explain(QueueOptions options, Exception exception)
    {
        var where = $"{options.Host}:{options.Port}";
        for (var cause = exception; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case System.Security.Authentication.AuthenticationException:
                    return new("queue.tls", $"{where}: no TLS session: its certificate is not trusted or not for this name, or it speaks no TLS 1.2", exception);
                case AuthenticationFailureException or PossibleAuthenticationFailureException:
                    return new("queue.refused", $"{where}: the broker refuses user or password", exception);
                case OperationInterruptedException { ShutdownReason.ReplyCode: >= 400 } interrupted:
                    return new("queue.refused", $"{where}: {interrupted.ShutdownReason.ReplyCode} for virtual host {options.VirtualHost}", exception);
            }
        }

        return new("queue.unreachable", $"{where}: {exception.GetBaseException().Message}", exception);
    }
}
