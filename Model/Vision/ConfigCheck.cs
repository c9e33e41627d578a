namespace HSENet.Model.Vision;

/// <summary>Checks that the sizes of hsenet.json fit each other before any memory is taken.</summary>
internal static class ConfigCheck
{
    public static void Positive(string section, params ReadOnlySpan<int> sizes)
    {
        foreach (var size in sizes)
        {
            if (size <= 0)
            {
                throw new HSENetModelException("model.config", $"{section}: every size must be positive, found {size}.");
            }
        }
    }

    public static void Divides(string what, int whole, int part)
    {
        if (whole % part != 0)
        {
            throw new HSENetModelException("model.config", $"{what}: {whole} is not a multiple of {part}.");
        }
    }
}
