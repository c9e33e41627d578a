using System.Text;
using static HSENet.Trainer.Evaluation.Pages.Markup;

namespace HSENet.Trainer.Evaluation.Pages;

/// <summary>One page that brings everything with it: no script, style, font or picture from elsewhere, and none may be loaded.</summary>
internal sealed class EvaluationPage
{
    private const string Policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'unsafe-inline'";

    private readonly StringBuilder _body = new();

    /// <param name="title">Plain text, like all that is handed in here.</param>
    /// <param name="subtitle">Under the title.</param>
    /// <param name="warning">What must not be overlooked; null: nothing.</param>
    public EvaluationPage(string title, string subtitle, string? warning)
    {
        Title = title;
        _body.Append($"<h1>{Escape(title)}</h1>\n<p class=\"soft\">{Escape(subtitle)}</p>\n");
        if (warning is not null)
        {
            _body.Append($"<p class=\"warning\">{Escape(warning)}</p>\n");
        }
    }

    public string Title { get; }

    public void Tiles(params ReadOnlySpan<(string Value, string Name)> tiles)
    {
        _body.Append("<ul class=\"tiles\">");
        foreach (var (value, name) in tiles)
        {
            _body.Append($"<li><b>{Escape(value)}</b><span>{Escape(name)}</span></li>");
        }

        _body.Append("</ul>\n");
    }

    public void Heading(string text) => _body.Append($"<h2>{Escape(text)}</h2>\n");

    public void Note(string text) => _body.Append($"<p class=\"soft\">{Escape(text)}</p>\n");

    public void Table(string caption, IReadOnlyList<string> columns, IEnumerable<IReadOnlyList<string>> rows) => _body.Append(new PageTable(caption, columns, [.. rows]).Html());

    public void Bars(string title, IReadOnlyList<Bar> bars, string? markName) => _body.Append(BarChart.Draw(title, bars, markName));

    public void Scores(ScoredCase study) => _body.Append(new ScoreFigure(study).Html());

    public void Curves(IReadOnlyList<Curve> curves)
    {
        _body.Append("<div class=\"charts\">\n");
        foreach (var curve in curves)
        {
            _body.Append(LineChart.Draw(curve));
        }

        _body.Append("</div>\n");
        Table("The curves in numbers", ["Curve", "Points", "First", "Last", "Lowest", "Highest"], curves.Select(curve => (IReadOnlyList<string>)
            [curve.Name, Count(curve.Points.Count), Number(curve.Points[0].Value, 4), Number(curve.Points[^1].Value, 4), Number(curve.Points.Min(p => p.Value), 4), Number(curve.Points.Max(p => p.Value), 4)]));
    }

    /// <summary>Reference and generated text side by side, differences marked.</summary>
    /// <param name="title">Above them.</param>
    /// <param name="note">Scores.</param>
    /// <param name="reference">As wanted.</param>
    /// <param name="generated">As written.</param>
    public void Example(string title, string note, string reference, string generated)
    {
        var (left, right) = TextDifference.Mark(reference, generated);
        _body.Append($"<article class=\"example\"><h3>{Escape(title)}</h3><p class=\"soft\">{Escape(note)}</p><div class=\"pair\">")
            .Append($"<div><h4>Reference</h4><p>{left}</p></div><div><h4>Generated</h4><p>{(right.Length > 0 ? right : "<i>nothing</i>")}</p></div></div></article>\n");
    }

    public void Write(string path)
    {
        var html = $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="{Policy}">
            <link rel="icon" href="data:,">
            <title>{Escape(Title)}</title>
            <style>
            {Asset("page.css")}
            </style>
            </head>
            <body>
            <main>
            {_body}
            </main>
            <script>
            {Asset("page.js")}
            </script>
            </body>
            </html>

            """;
        File.WriteAllText(path, html.ReplaceLineEndings("\n"));
    }

    private static string Asset(string name)
    {
        using var reader = new StreamReader(typeof(EvaluationPage).Assembly.GetManifestResourceStream($"HSENet.Trainer.Evaluation.Pages.{name}")!);
        return reader.ReadToEnd().TrimEnd();
    }
}
