using System.Text;

namespace HSENet.Trainer.Data.Converters;

/// <summary>A CSV file with a header (RFC 4180): quoted fields may hold separators, line breaks and doubled quotes. UTF-8, a byte order mark may be there.</summary>
internal static class CsvFile
{
    /// <returns>Rows by column name; the names' case counts.</returns>
    /// <exception cref="TrainerException"><c>csv.format</c>: no header, a column name twice, an open quote, or a row of another length than the header.</exception>
    public static IEnumerable<IReadOnlyDictionary<string, string>> Read(string path, char separator = ',')
    {
        using var reader = new StreamReader(path, Encoding.UTF8);
        var header = Record(reader, path, separator) ?? throw new TrainerException("csv.format", $"{path} is empty.");
        if (header.Distinct(StringComparer.Ordinal).Count() != header.Count)
        {
            throw new TrainerException("csv.format", $"{path}: a column name comes twice.");
        }

        for (var number = 2; Record(reader, path, separator) is { } fields; number++)
        {
            if (fields is [""])
            {
                continue;
            }

            yield return fields.Count == header.Count
                ? header.Zip(fields).ToDictionary(pair => pair.First, pair => pair.Second, StringComparer.Ordinal)
                : throw new TrainerException("csv.format", $"{path}: record {number} has {fields.Count} fields, the header {header.Count}.");
        }
    }

    /// <exception cref="TrainerException"><c>csv.column</c>.</exception>
    public static string Field(this IReadOnlyDictionary<string, string> row, string column, string path) =>
        row.TryGetValue(column, out var value) ? value.Trim() : throw new TrainerException("csv.column", $"{path} has no column '{column}'.");

    private static List<string>? Record(StreamReader reader, string path, char separator)
    {
        if (reader.Peek() < 0)
        {
            return null;
        }

        var (fields, field, quoted) = (new List<string>(), new StringBuilder(), false);
        while (true)
        {
            var read = reader.Read();
            if (read < 0)
            {
                fields.Add(quoted ? throw new TrainerException("csv.format", $"{path} ends inside quotes.") : field.ToString());
                return fields;
            }

            var c = (char)read;
            if (quoted)
            {
                if (c != '"')
                {
                    field.Append(c);
                }
                else if (reader.Peek() == '"')
                {
                    reader.Read();
                    field.Append('"');
                }
                else
                {
                    quoted = false;
                }
            }
            else if (c == '"' && field.Length == 0)
            {
                quoted = true;
            }
            else if (c == separator)
            {
                fields.Add(field.ToString());
                field.Clear();
            }
            else if (c is '\n' or '\r')
            {
                if (c == '\r' && reader.Peek() == '\n')
                {
                    reader.Read();
                }

                fields.Add(field.ToString());
                return fields;
            }
            else
            {
                field.Append(c);
            }
        }
    }
}
