using Microsoft.Extensions.DependencyInjection;

namespace FellowOakDicom;

/// <summary>The container behind the static factories.</summary>
internal static class Setup
{
    private static readonly Lazy<IServiceProvider> _default = new(() => new ServiceCollection().AddFellowOakDicom().BuildServiceProvider());
    private static volatile IServiceProvider? _chosen;

    /// <summary>What <see cref="DicomSetupBuilder"/> chose, else one with the defaults.</summary>
    public static IServiceProvider Services => _chosen ?? _default.Value;

    public static void Use(IServiceProvider services) => _chosen = services;
}
