using HSENet.Worker.Configuration;

namespace HSENet.Worker.Series;

/// <summary>What is known of a series that is still receiving. Times are the database's clock.</summary>
/// <param name="OpenedAt">First instance of this revision.</param>
/// <param name="LastInstanceAt">Latest new instance.</param>
/// <param name="HasOpenAssociation">An association that carries the series is still open.</param>
/// <param name="Now">The same clock's time of the look.</param>
internal sealed record CompletionEvidence(DateTimeOffset OpenedAt, DateTimeOffset LastInstanceAt, bool HasOpenAssociation, DateTimeOffset Now);

/// <summary>Whether to close a series.</summary>
internal enum Completion
{
    Wait,
    Complete,
    Partial,
}

/// <summary>
/// Complete means evidence, not only silence: no association open that carries the series and the quiet period over. The deadline closes
/// what never came to rest, as partial. DIMSE has no signal for the end of a series.
/// </summary>
internal static class CompletionPolicy
{
    public static Completion Decide(CompletionEvidence evidence, SeriesOptions options)
    {
        if (!evidence.HasOpenAssociation && evidence.Now - evidence.LastInstanceAt >= options.QuietPeriod)
        {
            return Completion.Complete;
        }

        return evidence.Now - evidence.OpenedAt >= options.Deadline ? Completion.Partial : Completion.Wait;
    }
}
