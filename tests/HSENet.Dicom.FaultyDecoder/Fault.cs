namespace HSENet.Dicom.FaultyDecoder;

/// <summary>The first byte of a codestream.</summary>
internal enum Fault : byte
{
    /// <summary>A frame of the byte that follows.</summary>
    None,

    /// <summary>No end, at full load.</summary>
    Loop,

    /// <summary>No end, without any load.</summary>
    Wait,

    /// <summary>No end, unless the process is new.</summary>
    WaitWhenUsed,

    /// <summary>Memory without an end, all of it written to.</summary>
    Allocate,

    /// <summary>A file in /tmp.</summary>
    OpenForWriting,

    /// <summary>A TCP socket.</summary>
    Socket,

    /// <summary>Another process.</summary>
    Fork,

    /// <summary>Another program.</summary>
    Execute,

    /// <summary>A signal to the parent.</summary>
    KillParent,

    /// <summary>A debugger's hold of the parent.</summary>
    Trace,

    /// <summary>The end of the process.</summary>
    Die,

    /// <summary>The end of the process, unless it is new.</summary>
    DieWhenUsed,

    /// <summary>An answer to another request.</summary>
    Lie,

    /// <summary>An exception, its text and its stack trace.</summary>
    Throw,
}
