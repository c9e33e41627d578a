namespace HSENet.Dicom.Files;

/// <summary>Whether text from outside is a UID and so may become a file name or a key.</summary>
internal static class UidText
{
    public const int MaximumLength = 64;

    /// <summary>PS3.5 9.1, but leading zeros in a component are let through: such UIDs exist and harm nobody.</summary>
    public static bool IsUid(string? value)
    {
        if (value is null or { Length: 0 or > MaximumLength } || value[0] == '.' || value[^1] == '.')
            return false;
        for (var i = 0; i < value.Length; i++)
        {
            if (!char.IsAsciiDigit(value[i]) && (value[i] != '.' || value[i - 1] == '.'))
                return false;
        }

        return true;
    }
}
