using HSENet.Worker.Configuration;

namespace HSENet.Worker.Series;

/// <summary>What is known of a series that is still receiving; <see cref="SeriesWatch"/> has witnessed it.</summary>
/// <param name="Open">Time since this revision was first seen.</param>
/// <param name="Quiet">Time since anything was heard of it: an instance, or the end of an association that carried it.</param>
/// <param name="HasOpenAssociation">An association that carries the series is still open.</param>
internal sealed record CompletionEvidence(TimeSpan Open, TimeSpan Quiet, bool HasOpenAssociation);

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
        if (!evidence.HasOpenAssociation && evidence.Quiet >= options.QuietPeriod)
        {
            return Completion.Complete;
        }

        return evidence.Open >= options.Deadline ? Completion.Partial : Completion.Wait;
    }
}
