namespace HSENet.Model.Text;

/// <summary>
/// The printable characters that stand for the 256 byte values in vocabularies of byte-level BPE: printable Latin-1 stands for itself, the 68
/// other bytes become U+0100 and following in byte order.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly char[] s_characters = Make();
    private static readonly Dictionary<char, byte> s_bytes = s_characters.Select((character, value) => (character, value))
        .ToDictionary(item => item.character, item => (byte)item.value);

    public static char ToChar(byte value) => s_characters[value];

    /// <returns>False for a character outside the alphabet.</returns>
    public static bool TryToByte(char character, out byte value) => s_bytes.TryGetValue(character, out value);

    private static char[] Make()
    {
        var characters = new char[256];
        var next = (char)0x100;
        for (var value = 0; value < characters.Length; value++)
        {
            characters[value] = value is (>= 33 and <= 126) or (>= 161 and <= 172) or (>= 174 and <= 255) ? (char)value : next++;
        }

        return characters;
    }
}
