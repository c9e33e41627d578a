using System.Text;
using static HSENet.Trainer.Evaluation.Pages.Markup;

namespace HSENet.Trainer.Evaluation.Pages;

/// <summary>Horizontal bars over 0..1, one under the other.</summary>
internal static class BarChart
{
    private const int Width = 720;
    private const int Left = 240;
    private const int Right = 110;
    private const int Row = 26;
    private const int Thick = 14;
    private const int Foot = 30;

    /// <param name="title">Read out in place of the drawing; a table beside it has the numbers.</param>
    /// <param name="bars">From the top.</param>
    /// <param name="markName">What the marks are; null: there are none.</param>
    public static string Draw(string title, IReadOnlyList<Bar> bars, string? markName)
    {
        var height = (bars.Count * Row) + Foot;
        double X(double value) => Left + (Math.Clamp(value, 0, 1) * (Width - Left - Right));
        var svg = new StringBuilder($"<figure><svg class=\"chart\" viewBox=\"0 0 {Width} {height}\" role=\"img\" aria-label=\"{Escape(title)}\">\n");
        foreach (var tick in new[] { 0, 0.25, 0.5, 0.75, 1 })
        {
            svg.Append($"<line class=\"grid\" x1=\"{Place(X(tick))}\" x2=\"{Place(X(tick))}\" y1=\"0\" y2=\"{height - Foot + 4}\"/>")
                .Append($"<text class=\"tick\" x=\"{Place(X(tick))}\" y=\"{height - 8}\" text-anchor=\"middle\">{Place(tick)}</text>\n");
        }

        for (var i = 0; i < bars.Count; i++)
        {
            var (bar, top) = (bars[i], (i * Row) + ((Row - Thick) / 2));
            svg.Append($"<g><title>{Escape(bar.Label)}: {Number(bar.Value)} {Escape(bar.Note)}</title>")
                .Append($"<text class=\"name\" x=\"{Left - 10}\" y=\"{top + Thick - 2}\" text-anchor=\"end\">{Escape(bar.Label)}</text>")
                .Append($"<rect class=\"bar\" x=\"{Left}\" y=\"{top}\" width=\"{Place(X(bar.Value) - Left)}\" height=\"{Thick}\" rx=\"2\"/>");
            if (bar.Mark is { } mark)
            {
                svg.Append($"<line class=\"mark\" x1=\"{Place(X(mark))}\" x2=\"{Place(X(mark))}\" y1=\"{top - 3}\" y2=\"{top + Thick + 3}\"/>");
            }

            svg.Append($"<text class=\"value\" x=\"{Width - Right + 12}\" y=\"{top + Thick - 2}\">{Number(bar.Value, 2)} <tspan class=\"tick\">{Escape(bar.Note)}</tspan></text></g>\n");
        }

        return svg.Append("</svg><figcaption>").Append(Escape(title)).Append(markName is null ? "." : $". <span class=\"key\"></span> {Escape(markName)}.").Append("</figcaption></figure>\n").ToString();
    }
}
