using System.Globalization;
using System.Reflection;

namespace HSENet.Worker.Configuration;

/// <summary>Finds, binds and checks the settings. Whatever is wrong is one <c>configuration.invalid</c> that names the key.</summary>
internal static class SettingsReader
{
    private const string Code = "configuration.invalid";
    private const string FileName = "appsettings.json";

    /// <summary>Sources, weakest first: the file beside the program, the file in the content root, environment, command line.</summary>
    public static void AddSources(IConfigurationBuilder builder, string contentRoot, string[] args)
    {
        foreach (var file in Files(contentRoot))
        {
            builder.AddJsonFile(file, optional: true);
        }

        builder.AddEnvironmentVariables();
        builder.AddCommandLine(args);
    }

    /// <summary>Files that may hold settings, weakest first; they need not be there.</summary>
    public static string[] Files(string contentRoot) =>
        [.. ((string[])[Path.Combine(AppContext.BaseDirectory, FileName), Path.Combine(contentRoot, FileName)]).Distinct()];

    /// <summary>For commands that need settings but no host.</summary>
    public static WorkerSettings Read(string[] args, string contentRoot)
    {
        try
        {
            var builder = new ConfigurationBuilder();
            AddSources(builder, contentRoot, args);
            return Read(builder.Build(), contentRoot);
        }
        catch (Exception e) when (e is InvalidDataException or FormatException)
        {
            throw new WorkerException(Code, $"the configuration cannot be read: {e.Message}", e);
        }
    }

    /// <returns>Valid settings with absolute paths.</returns>
    public static WorkerSettings Read(IConfiguration configuration, string contentRoot)
    {
        var section = configuration.GetSection(WorkerSettings.Section);
        var unknown = UnknownKeys(section, typeof(WorkerSettings)).ToList();
        if (unknown.Count > 0)
        {
            throw new WorkerException(Code, string.Join("; ", unknown.Select(key => $"{key} is not a setting")));
        }

        var wrong = SettingValues.Wrong(section, new WorkerSettings()).ToList();
        if (wrong.Count > 0)
        {
            throw new WorkerException(Code, string.Join("; ", wrong));
        }

        WorkerSettings settings;
        try
        {
            settings = section.Get<WorkerSettings>() ?? new WorkerSettings();
        }
        catch (InvalidOperationException e)
        {
            throw new WorkerException(Code, $"a setting of {WorkerSettings.Section} has a value of the wrong kind", e);
        }

        var failures = settings.Validate().Select(failure => SettingValues.Explain(failure, configuration, new WorkerSettings())).ToList();
        if (failures.Count > 0)
        {
            throw new WorkerException(Code, string.Join("; ", failures));
        }

        settings.Data.Directory = Path.GetFullPath(settings.Data.Directory, contentRoot);
        settings.Model.Directory = ModelLocation.Resolve(settings.Model.Directory, contentRoot);
        settings.Queue.TlsCa = string.IsNullOrEmpty(settings.Queue.TlsCa) ? null : Path.GetFullPath(settings.Queue.TlsCa, contentRoot);
        settings.Database.ConnectionString = DatabaseOptions.Resolve(settings.Database.ConnectionString, contentRoot);
        settings.Database.MigrationConnectionString = DatabaseOptions.Resolve(settings.Database.MigrationConnectionString, contentRoot);
        settings.Dicom.Tls.Certificate = FullPath(settings.Dicom.Tls.Certificate, contentRoot);
        settings.Dicom.Tls.Key = FullPath(settings.Dicom.Tls.Key, contentRoot);
        settings.Dicom.Tls.ClientCa = FullPath(settings.Dicom.Tls.ClientCa, contentRoot);
        settings.Destinations.ForEach(d => d.TlsCa = FullPath(d.TlsCa, contentRoot));
        return settings;
    }

    private static string? FullPath(string? path, string contentRoot) => string.IsNullOrWhiteSpace(path) ? null : Path.GetFullPath(path, contentRoot);

    private static IEnumerable<string> UnknownKeys(IConfigurationSection section, Type type)
    {
        foreach (var child in section.GetChildren())
        {
            var isList = type.IsGenericType && type.GetGenericTypeDefinition() == typeof(List<>);
            var target = isList
                ? int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _) ? type.GetGenericArguments()[0] : null
                : type.Namespace == typeof(WorkerSettings).Namespace && type.IsClass
                    ? type.GetProperty(child.Key, BindingFlags.Public | BindingFlags.Instance | BindingFlags.IgnoreCase)?.PropertyType
                    : null;
            if (target is null)
            {
                yield return child.Path;
                continue;
            }

            foreach (var unknown in UnknownKeys(child, target))
            {
                yield return unknown;
            }
        }
    }
}
