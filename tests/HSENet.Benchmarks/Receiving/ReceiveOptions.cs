using System.Globalization;

namespace HSENet.Benchmarks.Receiving;

/// <summary>What to measure.</summary>
internal sealed record ReceiveOptions
{
    /// <summary>Instances of one push.</summary>
    public int InstanceCount { get; init; } = 300;

    /// <summary>Instances of the push that memory is compared on; 0 leaves memory out.</summary>
    public int LongInstanceCount { get; init; } = 3000;

    /// <summary>Rounds; every receiver is measured once in each.</summary>
    public int RoundCount { get; init; } = 3;

    /// <summary>How many senders at once; each number is measured.</summary>
    public IReadOnlyList<int> Associations { get; init; } = [1, 4];

    /// <summary>Only receivers whose name contains this.</summary>
    public string Only { get; init; } = "";

    public string JsonFile { get; init; } = ".artifacts/benchmarks/receive.json";

    public static bool TryParse(string[] args, out ReceiveOptions options)
    {
        options = new ReceiveOptions();
        if (args.Length % 2 != 0)
            return false;
        for (var i = 0; i < args.Length; i += 2)
        {
            var (name, value) = (args[i], args[i + 1]);
            if (name == "--only")
                options = options with { Only = value };
            else if (name == "--json")
                options = options with { JsonFile = value };
            else if (!int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                return false;
            else if (name == "--instances" && number is > 0 and <= 9999)
                options = options with { InstanceCount = number };
            else if (name == "--long")
                options = options with { LongInstanceCount = number };
            else if (name == "--associations" && number is 1 or 4)
                options = options with { Associations = [number] };
            else if (name == "--rounds" && number > 0)
                options = options with { RoundCount = number };
            else
                return false;
        }

        return true;
    }
}
