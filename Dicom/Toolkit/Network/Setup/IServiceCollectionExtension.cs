using FellowOakDicom.Imaging.Codec;
using FellowOakDicom.Memory;
using FellowOakDicom.Network;
using FellowOakDicom.Network.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

namespace FellowOakDicom;

/// <summary>Registers the toolkit.</summary>
public static class IServiceCollectionExtension
{
    /// <summary>Adds the factories of servers and clients and what they need, where it is not there yet.</summary>
    public static IServiceCollection AddFellowOakDicom(this IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddLogging().AddOptions();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton<INetworkManager, LocalNetwork>();
        services.TryAddSingleton<ITranscoderManager, NoTranscoders>();
        services.TryAddSingleton<IMemoryProvider, ArrayPoolMemoryProvider>();
        services.TryAddSingleton(provider => new DicomServiceDependencies(
            provider.GetRequiredService<ILoggerFactory>(),
            provider.GetRequiredService<INetworkManager>(),
            provider.GetRequiredService<ITranscoderManager>(),
            provider.GetRequiredService<IMemoryProvider>())
        {
            Time = provider.GetRequiredService<TimeProvider>(),
        });
        services.TryAddSingleton<IDicomServerFactory, DefaultDicomServerFactory>();
        services.TryAddSingleton<IDicomClientFactory, DefaultDicomClientFactory>();
        return services;
    }
}
