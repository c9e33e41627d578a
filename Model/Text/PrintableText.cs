using System.Globalization;
using System.Text;

namespace HSENet.Model.Text;

/// <summary>
/// Names and values from foreign files, as they may stand in a message: nothing in them moves a cursor, ends a line or turns the direction
/// of writing.
/// </summary>
internal static class PrintableText
{
    /// <returns>The text; control and format characters, separators of lines and halves of a pair as \u and four digits</returns>
    public static string Of(string text)
    {
        if (text.All(c => c is >= ' ' and <= '~'))
        {
            return text;
        }

        var printable = new StringBuilder(text.Length);
        for (var i = 0; i < text.Length; i++)
        {
            if (i + 1 < text.Length && char.IsSurrogatePair(text[i], text[i + 1]))
            {
                printable.Append(text, i++, 2);
            }
            else if (char.GetUnicodeCategory(text[i]) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate)
            {
                printable.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
            }
            else
            {
                printable.Append(text[i]);
            }
        }

        return printable.ToString();
    }
}
