namespace HSENet.Worker.Inference;

/// <summary>Delay before the next attempt: doubles, at most five minutes.</summary>
internal static class Backoff
{
    /// <summary>Nothing waits longer.</summary>
    public static readonly TimeSpan Maximum = TimeSpan.FromMinutes(5);

    /// <param name="attempt">Attempts made, from 1.</param>
    public static TimeSpan After(int attempt) => attempt >= 9 ? Maximum : TimeSpan.FromSeconds(Math.Pow(2, attempt));
}
