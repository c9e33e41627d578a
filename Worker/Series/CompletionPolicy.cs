using HSENet.Worker.Configuration;

namespace HSENet.Worker.Series;

/// <summary>
/// Complete means evidence, not only silence. DIMSE has no signal for the end of a series; what tells of it is how each association that carried it ended: released, or
/// gone on to another series. One that broke off leaves the series in doubt until it was sent again. The decision is deploy/docs/adr/0002-completion-evidence.md.
/// </summary>
internal static class CompletionPolicy
{
    public static Completion Decide(CompletionEvidence evidence, SeriesOptions options)
    {
        var doubt = Doubt(evidence);
        var isAwaited = evidence.SinceTurnedAway < options.QuietPeriod && evidence.SinceSlice < options.Deadline;
        if (evidence.Quiet >= options.QuietPeriod && !isAwaited)
        {
            switch (doubt)
            {
                case null:
                    return Completion.Complete;

                // whoever sent it is not known: nobody is waited for
                case PartialReason.Recovered:
                    return Completion.Partial(Completion.ByQuietPeriod, doubt);
            }
        }

        if (doubt is not null && evidence.SinceSlice >= options.Deadline)
        {
            return Completion.Partial(Completion.ByDeadline, doubt);
        }

        return evidence.Open >= options.OuterLimit ? Completion.Partial(Completion.ByOuterLimit, PartialReason.OuterLimit) : Completion.Wait;
    }

    /// <summary>What keeps the series from being complete; null: nothing.</summary>
    private static string? Doubt(CompletionEvidence evidence)
    {
        if (evidence.Associations.Count == 0)
        {
            return PartialReason.Recovered;
        }

        // the latest first: what makes an earlier one good is known then
        var madeGood = new HashSet<Guid>();
        SeriesAssociation? broken = null;
        foreach (var association in evidence.Associations.Where(c => c.IsBroken).OrderByDescending(c => c.OpenedAt))
        {
            if (IsMadeGood(association, evidence, madeGood))
            {
                madeGood.Add(association.AssociationId);
            }
            else if (broken is null || association.EndedAt > broken.EndedAt)
            {
                broken = association;
            }
        }

        if (broken is not null)
        {
            return broken.Ending != SeriesAssociation.Released ? PartialReason.OfEnding(broken.Ending!)
                : broken.HasRefused ? PartialReason.RefusedInstance
                : PartialReason.TurnedAway;
        }

        return evidence.Associations.Any(c => c.IsOpen && !c.HasGoneOn) ? PartialReason.Deadline : null;
    }

    /// <summary>
    /// What broke off was taken up: by an association of the same sender that came after it, or by one of anybody that ended well and brought the whole series itself;
    /// where it was changing headers only by one that came after, for the former ones say nothing. One that was open at the same time and brought a part says nothing
    /// about the rest, nor does a part from somebody else. An instance that is known to be missing is missing whatever came after it.
    /// </summary>
    private static bool IsMadeGood(SeriesAssociation broken, CompletionEvidence evidence, HashSet<Guid> madeGood) =>
        !broken.IsLacking && evidence.Associations.Any(c => HasWhole(c, broken, evidence.InstanceCount) || HasTakenUp(c, broken, madeGood));

    private static bool HasWhole(SeriesAssociation association, SeriesAssociation broken, int instanceCount) =>
        association.HasEndedWell && association.Instances >= instanceCount
        && (!broken.HasChanged || (association.OpenedAt > broken.EndedAt && association.HasChanged));

    /// <summary>
    /// A sender that repeats what broke off, or goes on from there, brings what it has had no answer to: the instance that did not come whole then, or one that is here
    /// already. One that brings neither may be sending the next part of what was cut into parts, and the rest of this one not at all. What was under way when this
    /// service stopped is not known: then any does.
    /// </summary>
    private static bool HasTakenUp(SeriesAssociation association, SeriesAssociation broken, HashSet<Guid> madeGood) =>
        association.OpenedAt > broken.EndedAt && association.Sender == broken.Sender
        && (association.Repeated > 0 || broken.ContinuedBy.Contains(association.AssociationId) || broken.Ending == SeriesAssociation.HostStopped)
        && (association.HasEndedWell || madeGood.Contains(association.AssociationId));
}
