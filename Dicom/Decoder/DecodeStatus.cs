namespace HSENet.Dicom.Decoder;

/// <summary>How a request ended.</summary>
internal enum DecodeStatus : byte
{
    /// <summary>The frame follows.</summary>
    Done = 0,

    /// <summary>The library refused the codestream.</summary>
    Damaged = 1,

    /// <summary>The library found another image than the request describes.</summary>
    OtherImage = 2,

    /// <summary>The memory limit does not hold what the image needs.</summary>
    OutOfMemory = 3,

    /// <summary>The library of the codec is absent.</summary>
    NoLibrary = 4,
}
