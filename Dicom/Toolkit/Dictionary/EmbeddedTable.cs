namespace FellowOakDicom;

/// <summary>Reads the tab-separated tables that generate.py writes and the build embeds.</summary>
internal static class EmbeddedTable
{
    internal static IEnumerable<string[]> Read(string name)
    {
        using var stream = typeof(EmbeddedTable).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The table {name} is not embedded");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line)
        {
            yield return line.Split('\t');
        }
    }
}
