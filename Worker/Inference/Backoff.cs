namespace HSENet.Worker.Inference;

/// <summary>Delay before the next attempt: doubles, at most five minutes; what failed together does not come back together.</summary>
internal static class Backoff
{
    /// <summary>Largest share of a delay that chance takes off.</summary>
    public const double Jitter = 0.25;

    /// <summary>Nothing waits longer.</summary>
    public static readonly TimeSpan Maximum = TimeSpan.FromMinutes(5);

    /// <param name="attempt">Attempts made, from 1.</param>
    /// <returns>Before chance shortens it.</returns>
    public static TimeSpan After(int attempt) => attempt >= 9 ? Maximum : TimeSpan.FromSeconds(Math.Pow(2, attempt));
}
