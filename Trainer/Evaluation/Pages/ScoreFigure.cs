using System.Text;
using System.Text.Json;
using static HSENet.Trainer.Evaluation.Pages.Markup;

namespace HSENet.Trainer.Evaluation.Pages;

/// <summary>Patch scores of a study: over a slice at every depth, and as points in space that can be turned; with tables that say the same.</summary>
internal sealed class ScoreFigure
{
    private const int MostPixels = 128;   // of a side
    private const int ListedPatches = 10;
    private const int LeastOpacity = 30;   // of 255: what is low leaves the slice to be seen

    private readonly string _id;
    private readonly PatientView _view;
    private readonly float[] _volume;
    private readonly float[] _scores;
    private readonly (int Depths, int Rows, int Columns) _image;
    private readonly (int Depths, int Rows, int Columns) _grid;
    private readonly (float Low, float High) _range;

    public ScoreFigure(ScoredCase study)
    {
        _id = study.Id;
        _view = new PatientView(study.Axes);
        (_volume, _image) = (_view.Turn(study.Volume, study.Image), _view.Size(study.Image));
        (_scores, _grid) = (_view.Turn(study.Scores, study.Grid), _view.Size(study.Grid));
        _range = (_scores.Min(), _scores.Max());
    }

    public string Html()
    {
        var html = new StringBuilder($"<section class=\"scores\"><h3>{Escape(_id)}</h3>\n");
        html.Append($"<p>Scores from {Number(_range.Low)} to {Number(_range.High)}. ").Append(Legend())
            .Append(_view.IsPatient ? " The patient's right is on the left, the front is above, depth 1 is nearest to the feet." : " Axes as in the array.").Append("</p>\n")
            .Append("<p><label>Strength of the overlay <input type=\"range\" min=\"0\" max=\"100\" value=\"60\" data-overlay></label></p>\n<div class=\"slices\">\n");
        for (var d = 0; d < _grid.Depths; d++)
        {
            html.Append(Slice(d));
        }

        html.Append("</div>\n").Append(Cloud()).Append("<div class=\"pair\">").Append(Depths().Html()).Append(Highest().Html()).Append("</div></section>\n");
        return html.ToString();
    }

    private static string Legend()
    {
        var colors = Enumerable.Range(0, 11).Select(i => ScoreColors.Of(i / 10.0)).Select(c => $"rgb({c.R},{c.G},{c.B})");
        return $"<span class=\"scale\" style=\"background:linear-gradient(90deg,{string.Join(',', colors)})\" role=\"img\" aria-label=\"dark: low, light: high\"></span> low to high.";
    }

    private string Slice(int depth)
    {
        // the slice in the middle of the patches of this depth
        var slice = (int)((depth + 0.5) * _image.Depths / _grid.Depths);
        var values = _scores.AsSpan(depth * _grid.Rows * _grid.Columns, _grid.Rows * _grid.Columns);
        var overlay = new byte[values.Length * 4];
        for (var i = 0; i < values.Length; i++)
        {
            var (r, g, b) = ScoreColors.Of(Share(values[i]));
            (overlay[4 * i], overlay[(4 * i) + 1], overlay[(4 * i) + 2], overlay[(4 * i) + 3]) = (r, g, b, (byte)(LeastOpacity + ((255 - LeastOpacity) * Share(values[i]))));
        }

        var (pixels, height, width) = Pixels(slice);
        var name = $"Depth {depth + 1} of {_grid.Depths}";
        return $"<figure class=\"slice\"><div class=\"stack\" style=\"aspect-ratio:{width}/{height}\"><img alt=\"{name}: CT slice\" src=\"{PngImage.DataUri(pixels, width, height)}\">"
            + $"<img class=\"overlay\" alt=\"Scores of its {values.Length} patches, mean {Number(Mean(depth))}\" src=\"{PngImage.DataUri(overlay, _grid.Columns, _grid.Rows)}\">"
            + (_view.IsPatient ? "<span class=\"side right\" aria-hidden=\"true\">R</span><span class=\"side left\" aria-hidden=\"true\">L</span>" : "")
            + $"</div><figcaption>{name}</figcaption></figure>\n";
    }

    /// <summary>8 bit, at most <see cref="MostPixels"/> wide and high, by taking means.</summary>
    private (byte[] Pixels, int Height, int Width) Pixels(int slice)
    {
        var step = (Math.Max(_image.Rows, _image.Columns) + MostPixels - 1) / MostPixels;
        var (height, width) = (_image.Rows / step, _image.Columns / step);
        var pixels = new byte[height * width];
        for (var i = 0; i < pixels.Length; i++)
        {
            var (row, column, sum) = (i / width * step, i % width * step, 0.0);
            for (var k = 0; k < step * step; k++)
            {
                sum += _volume[(((slice * _image.Rows) + row + (k / step)) * _image.Columns) + column + (k % step)];
            }

            pixels[i] = (byte)Math.Clamp(Math.Round(255 * sum / (step * step)), 0, 255);
        }

        return (pixels, height, width);
    }

    private string Cloud()
    {
        var data = JsonSerializer.Serialize(new
        {
            depths = _grid.Depths, rows = _grid.Rows, columns = _grid.Columns, patient = _view.IsPatient,
            shares = _scores.Select(score => Math.Round(Share(score), 2)),
            colors = Enumerable.Range(0, 33).Select(i => ScoreColors.Of(i / 32.0)).Select(c => new[] { c.R, c.G, c.B }.Select(v => (int)v)),
        });
        return "<figure class=\"cloud\" data-cloud><canvas width=\"640\" height=\"460\" tabindex=\"0\" role=\"img\" "
            + $"aria-label=\"Patches of {Escape(_id)} in space by score. Arrow keys turn the view. The table after it lists the highest.\"></canvas>"
            + "<figcaption><label>Show the highest <output>15</output> % <input type=\"range\" min=\"1\" max=\"100\" value=\"15\" data-share></label> "
            + "Drag, or use the arrow keys, to turn.</figcaption>"
            + $"<script type=\"application/json\">{data}</script></figure>\n";
    }

    private PageTable Depths() => new(
        $"{_id}: scores by depth", ["Depth", "Mean", "Highest"],
        [.. Enumerable.Range(0, _grid.Depths).Select(d => (IReadOnlyList<string>)[Count(d + 1), Number(Mean(d)), Number(OfDepth(d).Max())])]);

    private PageTable Highest() => new(
        $"{_id}: the {ListedPatches} highest scores", ["Rank", "Score", "Depth", "Row (from the front)", "Column (from the patient's right)"],
        [.. Enumerable.Range(0, _scores.Length).OrderByDescending(i => _scores[i]).ThenBy(i => i).Take(ListedPatches).Select((i, rank) => (IReadOnlyList<string>)
            [Count(rank + 1), Number(_scores[i]), Count((i / (_grid.Rows * _grid.Columns)) + 1), Count((i / _grid.Columns % _grid.Rows) + 1), Count((i % _grid.Columns) + 1)])]);

    private IEnumerable<float> OfDepth(int depth) => _scores.Skip(depth * _grid.Rows * _grid.Columns).Take(_grid.Rows * _grid.Columns);

    private double Mean(int depth) => OfDepth(depth).Average(score => (double)score);

    private double Share(float score) => _range.High > _range.Low ? (score - _range.Low) / (_range.High - _range.Low) : 0;
}
