using Microsoft.Extensions.DependencyInjection;

namespace FellowOakDicom;

/// <summary>Chooses the services behind the static factories.</summary>
public class DicomSetupBuilder
{
    private readonly ServiceCollection _services = new();

    public DicomSetupBuilder() => _services.AddFellowOakDicom();

    /// <summary>Takes services from a container that has <see cref="IServiceCollectionExtension.AddFellowOakDicom"/>'s.</summary>
    public static void UseServiceProvider(IServiceProvider provider)
    {
        ArgumentNullException.ThrowIfNull(provider);
        Setup.Use(provider);
    }

    public DicomSetupBuilder RegisterServices(Action<IServiceCollection> registerAction)
    {
        ArgumentNullException.ThrowIfNull(registerAction);
        registerAction(_services);
        return this;
    }

    /// <summary>Puts what was registered to use.</summary>
    public void Build() => Setup.Use(_services.BuildServiceProvider());
}
