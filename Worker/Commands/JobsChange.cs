using HSENet.Worker.Operating;

namespace HSENet.Worker.Commands;

/// <summary>Changes several jobs and tells of each.</summary>
internal static class JobsChange
{
    /// <summary>Each job by itself: one that cannot be changed keeps no other from it, and is told at the end.</summary>
    public static async Task RunAsync(
        IReadOnlyList<string> ids,
        Func<Guid, Task<IReadOnlyList<string>?>> change,
        Func<OperatorJobStore, Guid, string, CancellationToken, Task<WorkerException>> explain,
        OperatorJobStore store,
        JobsOutput output,
        CancellationToken cancellationToken)
    {
        var refusals = new List<WorkerException>();
        foreach (var jobId in await FindAsync(ids, store, refusals, cancellationToken))
        {
            var sentAgain = await change(jobId);
            var state = await store.StateAsync(jobId, cancellationToken);
            if (sentAgain is not null)
            {
                output.WriteChange(jobId, state!, sentAgain);
            }
            else if (state is null)
            {
                refusals.Add(OperatorJobStore.Unknown(jobId));
            }
            else
            {
                refusals.Add(await explain(store, jobId, state, cancellationToken));
            }
        }

        if (refusals.Count > 0)
        {
            throw new WorkerException(refusals[0].Code, string.Join("; ", refusals.Select(r => r.Message)));
        }
    }

    private static async Task<IReadOnlyList<Guid>> FindAsync(
        IReadOnlyList<string> ids, OperatorJobStore store, List<WorkerException> refusals, CancellationToken cancellationToken)
    {
        var found = new List<Guid>();
        foreach (var id in ids)
        {
            try
            {
                found.Add(await store.FindAsync(id, cancellationToken));
            }
            catch (WorkerException e)
            {
                refusals.Add(e);
            }
        }

        return [.. found.Distinct()];
    }

    public static async Task<WorkerException> RefusalAsync(OperatorJobStore store, Guid jobId, string state, CancellationToken cancellationToken) =>
        await store.IsSupersededAsync(jobId, cancellationToken)
            ? new WorkerException("jobs.superseded", $"job {jobId} is {state}, and its series has changed since, or the report of its study is made of another one")
            : new WorkerException("jobs.state", $"job {jobId} is {state}");
}
