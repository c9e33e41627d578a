using System.Globalization;
using System.Text;
using static HSENet.Trainer.Evaluation.Pages.Markup;

namespace HSENet.Trainer.Evaluation.Pages;

/// <summary>One curve over the steps of a run.</summary>
internal static class LineChart
{
    private const int Width = 460;
    private const int Height = 200;
    private const int Left = 62;
    private const int Right = 16;
    private const int Top = 12;
    private const int Foot = 28;
    private const int MostPoints = 400;
    private const int Ticks = 4;

    public static string Draw(Curve curve)
    {
        var points = Thin(curve.Points);
        var (first, last) = (points[0].Step, points[^1].Step);
        var (low, high) = (points.Min(point => point.Value), points.Max(point => point.Value));
        (low, high) = high > low ? (low, high) : (low - 0.5, high + 0.5);
        double X(long step) => Left + ((Width - Left - Right) * (last > first ? (double)(step - first) / (last - first) : 0.5));
        double Y(double value) => Top + ((Height - Top - Foot) * (high - value) / (high - low));
        var svg = new StringBuilder($"<figure class=\"small\"><svg class=\"chart\" viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-label=\"{Escape(curve.Name)} over {points.Count} points\">\n");
        for (var i = 0; i <= Ticks; i++)
        {
            var value = low + ((high - low) * i / Ticks);
            svg.Append($"<line class=\"grid\" x1=\"{Left}\" x2=\"{Width - Right}\" y1=\"{Place(Y(value))}\" y2=\"{Place(Y(value))}\"/>")
                .Append($"<text class=\"tick\" x=\"{Left - 6}\" y=\"{Place(Y(value) + 4)}\" text-anchor=\"end\">{value.ToString("G3", CultureInfo.InvariantCulture)}</text>\n");
        }

        svg.Append($"<text class=\"tick\" x=\"{Left}\" y=\"{Height - 8}\">step {first}</text><text class=\"tick\" x=\"{Width - Right}\" y=\"{Height - 8}\" text-anchor=\"end\">{last}</text>")
            .Append("<polyline class=\"line\" points=\"").AppendJoin(' ', points.Select(point => $"{Place(X(point.Step))},{Place(Y(point.Value))}")).Append("\"/>")
            .Append($"<circle class=\"dot\" cx=\"{Place(X(last))}\" cy=\"{Place(Y(points[^1].Value))}\" r=\"3\"/>");
        return svg.Append("</svg><figcaption>").Append(Escape(curve.Name)).Append("</figcaption></figure>\n").ToString();
    }

    /// <summary>Evenly chosen, the last point among them.</summary>
    private static IReadOnlyList<(long Step, double Value)> Thin(IReadOnlyList<(long Step, double Value)> points) => points.Count <= MostPoints
        ? points : [.. Enumerable.Range(0, MostPoints).Select(i => points[(int)((long)i * (points.Count - 1) / (MostPoints - 1))])];
}
