using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using HSENet.Model.Weights;

namespace HSENet.Model.Configuration;

/// <summary>A directory with <c>hsenet.json</c>: the checked configuration, the files it names, and the digest over all of them.</summary>
internal sealed class ModelDirectory
{
    public const string ConfigurationFile = "hsenet.json";

    private const long MaxConfigurationBytes = 4 << 20;

    private static readonly JsonSerializerOptions Options = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        NumberHandling = JsonNumberHandling.Strict,
    };

    private static readonly JsonSerializerOptions WriteOptions = new(Options)
    {
        WriteIndented = true, NewLine = "\n", DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private ModelDirectory(string root, ModelConfiguration configuration)
    {
        Root = root;
        Configuration = configuration;
    }

    public string Root { get; }

    public ModelConfiguration Configuration { get; }

    /// <exception cref="HSENetModelException">
    /// <c>model.directory</c>: no such directory or file; <c>model.config</c>: hsenet.json is not sound, the message names the field.
    /// </exception>
    public static ModelDirectory Open(string directory)
    {
        var root = Path.GetFullPath(directory);
        var file = Path.Combine(root, ConfigurationFile);
        if (!File.Exists(file))
        {
            throw new HSENetModelException("model.directory", $"{root} has no {ConfigurationFile}.");
        }

        if (new FileInfo(file).Length > MaxConfigurationBytes)
        {
            throw new HSENetModelException("model.config", $"{file} is larger than {MaxConfigurationBytes} bytes.");
        }

        try
        {
            var model = new ModelDirectory(root, Parse(File.ReadAllBytes(file)));
            foreach (var name in model.Files())
            {
                model.PathOf(name);
            }

            return model;
        }
        catch (IOException e)
        {
            throw new HSENetModelException("model.directory", $"{file} cannot be read: {e.Message}", e);
        }
    }

    /// <exception cref="HSENetModelException"><c>model.config</c>.</exception>
    public static ModelConfiguration Parse(ReadOnlySpan<byte> json)
    {
        try
        {
            var configuration = JsonSerializer.Deserialize<ModelConfiguration>(json, Options)
                ?? throw new HSENetModelException("model.config", $"{ConfigurationFile} is null.");
            ConfigurationCheck.Check(configuration);
            return configuration;
        }
        catch (JsonException e)
        {
            throw new HSENetModelException("model.config", $"{ConfigurationFile}: {e.Message}", e);
        }
    }

    /// <summary>Writes hsenet.json; one of that name is replaced.</summary>
    /// <exception cref="HSENetModelException"><c>model.config</c>: the configuration is not sound.</exception>
    public static void Write(string directory, ModelConfiguration configuration)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(configuration, WriteOptions);
        Parse(json);
        File.WriteAllBytes(Path.Combine(directory, ConfigurationFile), [.. json, (byte)'\n']);
    }

    /// <returns>Full path of a file that hsenet.json names.</returns>
    /// <exception cref="HSENetModelException"><c>model.config</c>: it points out of the directory; <c>model.file</c>: it is not there.</exception>
    public string PathOf(string name)
    {
        var path = name.Contains('\0', StringComparison.Ordinal) ? string.Empty : Path.GetFullPath(Path.Combine(Root, name));
        if (name.Length == 0 || !path.StartsWith(Root + Path.DirectorySeparatorChar, StringComparison.Ordinal))
        {
            throw new HSENetModelException("model.config", $"{ConfigurationFile} names the file '{name}', which is not inside the directory.");
        }

        return File.Exists(path) ? path : throw new HSENetModelException("model.file", $"{ConfigurationFile} names the file '{name}', which is not there.");
    }

    /// <summary>
    /// SHA-256 over one line <c>name NUL sha256-hex LF</c> per file, in ordinal order of the names; the lines of hsenet.json and of every file
    /// it names. Files whose SHA-256 hsenet.json tells are compared on the way.
    /// </summary>
    /// <returns>Hex, lower case.</returns>
    /// <exception cref="HSENetModelException"><c>weights.digest</c>: a file is not the one that hsenet.json means.</exception>
    public string Digest()
    {
        using var total = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var name in Files().Append(ConfigurationFile).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
        {
            using var stream = File.OpenRead(PathOf(name));
            var digest = Convert.ToHexStringLower(SHA256.HashData(stream));
            foreach (var expected in Configuration.Weights.Where(file => file.Path == name && file.Sha256.Length > 0))
            {
                if (!digest.Equals(expected.Sha256, StringComparison.OrdinalIgnoreCase))
                {
                    throw new HSENetModelException("weights.digest", $"{name} has the SHA-256 {digest}, {ConfigurationFile} says {expected.Sha256}.");
                }
            }

            total.AppendData(Encoding.UTF8.GetBytes($"{name}\0{digest}\n"));
        }

        return Convert.ToHexStringLower(total.GetHashAndReset());
    }

    /// <summary>A weight file, and where it is an index its shards as well: the digest covers them.</summary>
    public IEnumerable<string> FilesOf(string path) => path.EndsWith(ShardedTensorFile.Suffix, StringComparison.Ordinal)
        ? ShardedTensorFile.ShardNames(PathOf(path)).Select(name => Path.Combine(Path.GetDirectoryName(path)!, name)).Prepend(path)
        : [path];

    private IEnumerable<string> Files() =>
    [
        .. Configuration.Weights.SelectMany(file => FilesOf(file.Path)),
        .. Configuration.Tokenizer?.Files ?? [],
        .. Configuration.Text?.Tokenizer is { } vocabulary ? [vocabulary] : Array.Empty<string>(),
        .. Configuration.Prompt?.VqaTemplates is { } templates ? [templates] : Array.Empty<string>(),
    ];
}
