namespace HSENet.Trainer.Evaluation.Pages;

/// <summary>Colours of scores: lightness rises with the score, so that the order shows in grey and to the colour-blind too.</summary>
internal static class ScoreColors
{
    /// <summary>Dark violet over red and orange to light yellow.</summary>
    private static readonly (double At, int R, int G, int B)[] s_stops = [(0, 38, 12, 82), (0.3, 128, 31, 108), (0.6, 218, 74, 62), (0.82, 250, 148, 36), (1, 250, 246, 152)];

    /// <param name="share">0..1 of the range of scores.</param>
    public static (byte R, byte G, byte B) Of(double share)
    {
        var x = Math.Clamp(share, 0, 1);
        var i = Math.Max(1, Array.FindIndex(s_stops, stop => stop.At >= x));
        var (a, b) = (s_stops[i - 1], s_stops[i]);
        var t = (x - a.At) / (b.At - a.At);
        byte Mix(int from, int to) => (byte)Math.Round(from + ((to - from) * t));
        return (Mix(a.R, b.R), Mix(a.G, b.G), Mix(a.B, b.B));
    }
}
