using System.Text;

namespace HSENet.Trainer.Evaluation.Pages;

/// <summary>A table with a caption; the first column heads its rows.</summary>
internal sealed record PageTable(string Caption, IReadOnlyList<string> Columns, IReadOnlyList<IReadOnlyList<string>> Rows)
{
    public string Html()
    {
        var html = new StringBuilder("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"").Append(Markup.Escape(Caption)).Append("\"><table><caption>")
            .Append(Markup.Escape(Caption)).Append("</caption><thead><tr>");
        foreach (var column in Columns)
        {
            html.Append("<th scope=\"col\">").Append(Markup.Escape(column)).Append("</th>");
        }

        html.Append("</tr></thead><tbody>");
        foreach (var row in Rows)
        {
            html.Append("<tr><th scope=\"row\">").Append(Markup.Escape(row[0])).Append("</th>");
            foreach (var cell in row.Skip(1))
            {
                html.Append(IsNumber(cell) ? "<td class=\"n\">" : "<td>").Append(Markup.Escape(cell)).Append("</td>");
            }

            html.Append("</tr>");
        }

        return html.Append("</tbody></table></div>\n").ToString();
    }

    private static bool IsNumber(string cell) => cell.Length > 0 && (char.IsAsciiDigit(cell[0]) || cell[0] == '-' || cell == Markup.Nothing);
}
