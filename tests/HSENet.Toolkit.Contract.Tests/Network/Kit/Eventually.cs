namespace HSENet.Toolkit.Contract.Tests.Network;

/// <summary>Waits for a condition with a deadline.</summary>
internal static class Eventually
{
    /// <summary>How long anything may take on a busy machine: a fault must end in a failure, not in a test without end.</summary>
    public static TimeSpan Deadline { get; } = TimeSpan.FromSeconds(20);

    public static async Task TrueAsync(Func<Task<bool>> condition)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), deadline.Token);
        }
    }

    public static Task TrueAsync(Func<bool> condition) => TrueAsync(() => Task.FromResult(condition()));
}
