using System.Diagnostics;
using Xunit;

namespace HSENet.TestKit;

/// <summary>Waiting for a condition with a deadline, instead of sleeping.</summary>
public static class Until
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    /// <summary>Polls until the condition holds; fails the test with <paramref name="what"/> when the deadline has passed.</summary>
    public static Task TrueAsync(Func<bool> condition, TimeSpan deadline, string what) =>
        TrueAsync(() => Task.FromResult(condition()), deadline, () => what);

    /// <inheritdoc cref="TrueAsync(Func{bool}, TimeSpan, string)"/>
    public static Task TrueAsync(Func<Task<bool>> condition, TimeSpan deadline, string what) => TrueAsync(condition, deadline, () => what);

    /// <summary>As above, with a message that is made when the deadline has passed, so that it can tell what was seen last.</summary>
    public static async Task TrueAsync(Func<Task<bool>> condition, TimeSpan deadline, Func<string> what)
    {
        var clock = Stopwatch.StartNew();
        while (!await condition())
        {
            if (clock.Elapsed > deadline)
                Assert.Fail($"Not within {deadline.TotalSeconds:0.#} s: {what()}");
            await Task.Delay(Pause);
        }
    }
}
