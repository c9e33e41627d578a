namespace HSENet.Dicom.Guarding;

/// <summary>
/// Memory for data sets that are no instances, of all connections of the process together and fairly shared among peers. One large one is
/// parsed at a time, so that parsing never keeps every thread busy.
/// </summary>
/// <param name="capacity">Bytes.</param>
internal sealed class MessageMemory(long capacity)
{
    /// <summary>What an element, item or delimiter costs once it is parsed, beside its bytes.</summary>
    private const int ElementCost = 256;

    private readonly FairShare _bytes = new(capacity, capacity);

    public static MessageMemory Process { get; } = new(128L << 20);

    /// <summary>From this length on a data set is large.</summary>
    public static int Large => 64 << 10;

    /// <summary>One large data set at a time.</summary>
    public SemaphoreSlim Turn { get; } = new(1, 1);

    public long InUse => _bytes.InUse;

    public bool TryTake(string peer, long bytes) => _bytes.TryTake(peer, bytes);

    public void Give(string peer, long bytes) => _bytes.Give(peer, bytes);

    /// <summary>What a data set costs while it is held and parsed, beyond the bytes taken as it came.</summary>
    public static long CostOf(int elements, long length) => (elements * (long)ElementCost) + length;
}
