using HSENet.Worker.Observability;
using HSENet.Worker.Persistence;
using Microsoft.Extensions.Options;

namespace HSENet.Worker.Hosting;

/// <summary>Puts <see cref="OutageLoggerFactory"/> before the host's own.</summary>
internal static class OutageLogging
{
    public static IServiceCollection AddOutageLogging(this IServiceCollection services) => services
        .AddSingleton<ILoggerFactory>(provider => new OutageLoggerFactory(
            new LoggerFactory(
                provider.GetServices<ILoggerProvider>(),
                provider.GetRequiredService<IOptionsMonitor<LoggerFilterOptions>>(),
                provider.GetRequiredService<IOptions<LoggerFactoryOptions>>()),
            provider.GetRequiredService<DatabaseTrouble>()));
}
