using System.IO.Compression;
using System.Reflection;
using HSENet.Model.Text;

namespace HSENet.Model.Tests.Text;

/// <summary>The real o200k vocabulary, out of the package that carries it.</summary>
internal static class O200k
{
    private static readonly Lazy<IReadOnlyList<string>> s_lines = new(ReadLines);
    private static readonly Lazy<BpeVocabulary> s_vocabulary = new(() => PhiTokens.AddTo(BpeFiles.FromRanks(Ranks(), "o200k")));

    /// <summary>With Phi-4-mini's added tokens.</summary>
    public static BpeVocabulary Vocabulary => s_vocabulary.Value;

    /// <summary>Token in base 64, then its rank.</summary>
    public static IReadOnlyList<string> Lines => s_lines.Value;

    private static IEnumerable<(byte[] Token, int Rank)> Ranks() => Lines.Select(line => line.Split(' ')).Select(line => (Convert.FromBase64String(line[0]), int.Parse(line[1])));

    private static List<string> ReadLines()
    {
        using var resource = Assembly.Load("Microsoft.ML.Tokenizers.Data.O200kBase").GetManifestResourceStream("o200k_base.tiktoken.deflate")!;
        using var reader = new StreamReader(new DeflateStream(resource, CompressionMode.Decompress));
        var lines = new List<string>();
        while (reader.ReadLine() is { } line)
        {
            if (line.Length > 0 && !line.StartsWith("Capacity", StringComparison.Ordinal))
            {
                lines.Add($"{line.Split(' ')[0]} {lines.Count}");   // the package leaves the rank out: it is the line
            }
        }

        return lines;
    }
}
