namespace HSENet.Worker.Observability;

/// <summary>Text on its way to rows and logs: one line, no control characters, of bounded length.</summary>
internal static class OperatorText
{
    private const int MaximumLength = 1000;

    public static string Clean(string text) => string.Create(Math.Min(text.Length, MaximumLength), text, static (span, source) =>
    {
        for (var i = 0; i < span.Length; i++)
        {
            span[i] = char.IsControl(source[i]) || char.IsSurrogate(source[i]) ? ' ' : source[i];
        }
    });
}
