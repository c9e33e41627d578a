using System.Net.Security;
using HSENet.Worker.Configuration;
using HSENet.Worker.Hosting;
using HSENet.Worker.Inference;
using MassTransit;

namespace HSENet.Worker.Messaging;

/// <summary>The transport's configuration: all that is MassTransit's is in this folder.</summary>
internal static class QueueServices
{
    /// <param name="services">The host's.</param>
    /// <param name="queue">Which transport.</param>
    /// <param name="roles">The inference role receives, the gateway sends.</param>
    /// <param name="drain">How long a job may go on when the host stops: the longest inference.</param>
    public static IServiceCollection AddQueue(this IServiceCollection services, QueueOptions queue, WorkerRoles roles, TimeSpan drain)
    {
        var isBroker = queue.Transport == "rabbitmq";
        var trust = isBroker && queue.Tls ? BrokerTrust.Load(queue) : null;
        services.Configure<MassTransitHostOptions>(o =>
        {
            // a broker that is down keeps nobody from receiving images: the bus goes on trying by itself (StartTimeout would end that)
            o.WaitUntilStarted = !isBroker;
            o.StartTimeout = isBroker ? null : TimeSpan.FromSeconds(30);
            o.StopTimeout = drain;
            o.ConsumerStopTimeout = drain;
        });
        services
            .AddSingleton(provider => new HostDrain(provider.GetService<IHostApplicationLifetime>(), drain, provider.GetRequiredService<TimeProvider>()))
            .AddSingleton<PriorityGate>()
            .AddSingleton<IJobQueue, MassTransitJobQueue>()
            .AddMassTransit(x =>
            {
                x.DisableUsageTelemetry();      // a hospital's service calls nobody
                if (isBroker)
                {
                    x.UsingRabbitMq((context, bus) =>
                    {
                        ConfigureHost(bus, queue, trust);
                        bus.SendTopology.ConfigureErrorSettings = settings => settings.SetQueueArgument("x-delivery-limit", QueueNames.LooksLimit);
                        bus.SendTopology.ConfigureDeadLetterSettings = settings => settings.SetQueueArgument("x-delivery-limit", QueueNames.LooksLimit);
                        ReceiveAll(bus, context, roles, ConfigureWorkQueue);
                    });
                }
                else
                {
                    x.UsingInMemory((context, bus) => ReceiveAll(bus, context, roles, (_, _) => { }));
                }
            });
        return services;
    }

    /// <summary>The witness of the broker, beside the bus; where jobs are run, of the consumers too.</summary>
    public static IServiceCollection AddBrokerWatch(this IServiceCollection services, WorkerRoles roles)
    {
        services
            .AddSingleton<DeadLetterStore>()
            .AddSingleton<BrokerWatch>()
            .AddHostedService(provider => provider.GetRequiredService<BrokerWatch>());
        return roles.HasFlag(WorkerRoles.Inference) ? services.AddHostedService<ConsumerWatch>() : services;
    }

    private static void ReceiveAll<T>(
        IBusFactoryConfigurator<T> bus, IBusRegistrationContext context, WorkerRoles roles, Action<string, T> configure)
        where T : IReceiveEndpointConfigurator
    {
        if (!roles.HasFlag(WorkerRoles.Inference))
        {
            return;
        }

        foreach (var name in QueueNames.Work)
        {
            bus.ReceiveEndpoint(name, endpoint =>
            {
                endpoint.ConfigureConsumeTopology = false;      // commands go to an address, they are not published by type
                endpoint.PrefetchCount = 1;
                endpoint.ConcurrentMessageLimit = 1;
                configure(name, endpoint);

                // made once, before the first message: one that comes while the host goes away must not fail for want of its services
                var consumer = ActivatorUtilities.CreateInstance<RunJobConsumer>(context, name == QueueNames.Stat);
                endpoint.Consumer(() => consumer);
            });
        }
    }

    private static void ConfigureHost(IRabbitMqBusFactoryConfigurator bus, QueueOptions queue, BrokerTrust? trust) =>
        bus.Host(queue.Host, (ushort)queue.Port, queue.VirtualHost, "hsenet-worker", host =>
        {
            host.Username(queue.User ?? "");
            host.Password(queue.Password ?? "");
            host.Heartbeat(TimeSpan.FromSeconds(15));
            host.PublisherConfirmation = true;
            if (trust is not null)
            {
                host.UseSsl(tls =>
                {
                    tls.ServerName = queue.Host;
                    tls.Protocol = BrokerTrust.Protocols;
                    tls.EnforcePolicyErrors(
                        SslPolicyErrors.RemoteCertificateChainErrors | SslPolicyErrors.RemoteCertificateNameMismatch
                            | SslPolicyErrors.RemoteCertificateNotAvailable);
                    tls.CertificateValidationCallback = trust.Accept;
                });
            }
        });

    /// <summary>
    /// A quorum queue; what reaches the delivery limit goes to a dead-letter queue (without one it would be deleted), safely: at least once,
    /// which needs reject-publish.
    /// </summary>
    private static void ConfigureWorkQueue(string name, IRabbitMqReceiveEndpointConfigurator endpoint)
    {
        endpoint.SetQuorumQueue();
        foreach (var (key, value) in QueueTopology.ArgumentsOf(name))
        {
            endpoint.SetQueueArgument(key, value);
        }

        var dead = QueueNames.DeadOf(name);
        endpoint.BindDeadLetterQueue(dead, dead, d =>
        {
            d.SetQuorumQueue();
            foreach (var (key, value) in QueueTopology.ArgumentsOf(dead))
            {
                d.SetQueueArgument(key, value);
            }
        });
    }
}
