using HSENet.TestKit;
using Microsoft.Extensions.Configuration;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace HSENet.Worker.Tests.Deployment;

/// <summary>The files under <c>deploy/</c> that start the worker, as far as they can be read without what they are written for.</summary>
internal static class DeploymentFiles
{
    private const string SettingPrefix = "HSENet__";

    /// <summary>Every document of a YAML file, merge keys resolved.</summary>
    public static IReadOnlyList<Dictionary<object, object>> Yaml(string file)
    {
        using var reader = new StreamReader(Repo.Path(file));
        var parser = new MergingParser(new Parser(reader));
        var deserializer = new DeserializerBuilder().Build();
        var documents = new List<Dictionary<object, object>>();
        parser.Consume<YamlDotNet.Core.Events.StreamStart>();
        while (parser.Accept<YamlDotNet.Core.Events.DocumentStart>(out _))
        {
            documents.Add(deserializer.Deserialize<Dictionary<object, object>>(parser));
        }

        return documents;
    }

    public static Dictionary<object, object> Map(object? value, params string[] path) =>
        path.Aggregate((Dictionary<object, object>)value!, (map, key) => (Dictionary<object, object>)map[key]);

    public static List<object> List(object? value) => (List<object>)value!;

    /// <summary>The settings among the variables of a unit file's Environment= lines.</summary>
    public static Dictionary<string, string?> UnitSettings(string file) => File.ReadLines(Repo.Path(file))
        .Where(line => line.StartsWith("Environment=", StringComparison.Ordinal))
        .SelectMany(line => line["Environment=".Length..].Split(' '))
        .Select(pair => pair.Split('=', 2))
        .ToDictionary(pair => pair[0], string? (pair) => pair[1].Replace("%i", "0", StringComparison.Ordinal));

    /// <summary>Read as the service reads its environment: an unknown key or a value that is not allowed is an exception.</summary>
    public static Configuration.WorkerSettings Read(IEnumerable<KeyValuePair<string, string?>> environment)
    {
        var settings = environment.Where(pair => pair.Key.StartsWith(SettingPrefix, StringComparison.Ordinal))
            .Select(pair => KeyValuePair.Create(pair.Key.Replace("__", ":", StringComparison.Ordinal), pair.Value));
        return Configuration.SettingsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(settings).Build(), Repo.Root);
    }
}
