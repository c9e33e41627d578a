namespace HSENet.Dicom.Guarding;

/// <summary>
/// What one connection may make us hold, whichever toolkit reads it. Instances (C-STORE) are not held and have no limit here.
/// </summary>
internal sealed record GuardLimits
{
    public static GuardLimits Default { get; } = new();

    /// <summary>Longest P-DATA-TF, bytes: what we declare as our maximum (PS3.8 D.1).</summary>
    public int MaximumPduLength { get; init; } = 131072;

    /// <summary>A-ASSOCIATE-RQ and -AC, bytes.</summary>
    public int Associate { get; init; } = 64 << 10;

    /// <summary>The four fixed PDUs carry 4 bytes; a little more is tolerated.</summary>
    public int Fixed { get; init; } = 64;

    /// <summary>A command set, bytes.</summary>
    public int Command { get; init; } = 16 << 10;

    /// <summary>A data set that is no instance, bytes: a storage commitment request of nearly 20 000 instances.</summary>
    public int Message { get; init; } = 2 << 20;

    /// <summary>What is read of a longer one until its end, so that its sender gets an answer; then it is aborted.</summary>
    public long Unread { get; init; } = 64 << 20;

    /// <summary>Sequences within each other in such a data set; storage commitment has one.</summary>
    public int Depth { get; init; } = 16;

    /// <summary>Elements, items and delimiters of such a data set: each costs a toolkit far more memory than its bytes.</summary>
    public int Elements { get; init; } = 100_000;

    /// <summary>Requests of the peer that may be without an answer before no more is read of it.</summary>
    public int Unanswered { get; init; } = 64;

    /// <summary>What all connections hold together.</summary>
    public MessageMemory Memory { get; init; } = MessageMemory.Process;
}
