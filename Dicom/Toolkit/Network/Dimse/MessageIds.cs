namespace FellowOakDicom.Network.Dimse;

/// <summary>Message ids, unique among the requests that can be outstanding at the same time (PS3.7 9.1).</summary>
internal static class MessageIds
{
    private static int _last;

    /// <summary>The next id, 1 to 65535.</summary>
    public static ushort Next() => (ushort)(((uint)Interlocked.Increment(ref _last) - 1) % ushort.MaxValue + 1);
}
