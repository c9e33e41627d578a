using Microsoft.Extensions.Configuration;

namespace HSENet.Worker.Commands;

/// <summary>The few settings that <c>process</c> needs, from the same places and keys as the service's.</summary>
internal sealed record CommandSettings(string ModelDirectory, string ModelDevice, string ModelPrecision, string AeTitle, string DeploymentId)
{
    public static CommandSettings Read(string[] settings)
    {
        var configuration = new ConfigurationBuilder()
            .AddJsonFile(Path.Combine(AppContext.BaseDirectory, "appsettings.json"), optional: true)
            .AddEnvironmentVariables()
            .AddCommandLine(settings)
            .Build()
            .GetSection("HSENet");
        return new(
            ModelLocation.Resolve(configuration["Model:Directory"] ?? "Model/Demo"),
            configuration["Model:Device"] ?? "auto",
            configuration["Model:Precision"] ?? "auto",
            configuration["Dicom:AeTitle"] ?? "HSENET",
            Environment.MachineName);
    }
}
