namespace HSENet.TestKit;

/// <summary>Where the development services are: the environment, else <c>.local/env</c>, which deploy/dev/up.sh writes.</summary>
public static class LocalEnvironment
{
    /// <summary>The value of a variable, or null.</summary>
    public static string? Get(string name)
    {
        var value = Environment.GetEnvironmentVariable(name);
        if (!string.IsNullOrEmpty(value))
            return value;
        var file = Repo.Path(".local", "env");
        if (!File.Exists(file))
            return null;
        var line = File.ReadLines(file).LastOrDefault(l => l.StartsWith(name + "=", StringComparison.Ordinal));
        return line?[(name.Length + 1)..].Trim('\'');
    }
}
