using System.Collections.Concurrent;
using System.Diagnostics;

namespace HSENet.Dicom.Codecs.Native;

/// <summary>
/// Starts processes from a thread that never ends: Linux signals the death of a parent when the thread ends that started the child
/// (prctl(2), PR_SET_PDEATHSIG), and threads of the pool come and go.
/// </summary>
internal static class ProcessStarter
{
    private static readonly BlockingCollection<(ProcessStartInfo Info, TaskCompletionSource<Process> Started)> s_wanted = [];
    private static readonly Lazy<Thread> s_thread = new(() =>
    {
        var thread = new Thread(Run) { IsBackground = true, Name = "decoder starter" };
        thread.Start();
        return thread;
    });

    /// <exception cref="IOException">The program is absent or cannot be run now.</exception>
    public static Process Start(ProcessStartInfo info)
    {
        _ = s_thread.Value;
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        s_wanted.Add((info, started));
        return started.Task.GetAwaiter().GetResult();
    }

    private static void Run()
    {
        foreach (var (info, started) in s_wanted.GetConsumingEnumerable())
        {
            try
            {
                started.SetResult(Process.Start(info) ?? throw new InvalidOperationException("no process"));
            }
#pragma warning disable CA1031 // told to who waits; the thread must not end
            catch (Exception e)
#pragma warning restore CA1031
            {
                started.SetException(new IOException($"The decoder {Path.GetFileName(info.FileName)} cannot be started: {e.Message}", e));
            }
        }
    }
}
