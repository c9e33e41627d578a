namespace HSENet.Dicom.Identity;

/// <summary>How the values of an attribute are compared.</summary>
internal enum ValueKind : byte
{
    /// <summary>Nothing is known of it, as of private attributes: its bytes.</summary>
    Unknown,

    /// <summary>Numbers in binary form: its bytes, little endian.</summary>
    Binary,

    /// <summary>Spaces around a value mean nothing: AE, AS, CS, DA, DT, LO, SH, TM, UI.</summary>
    Text,

    /// <summary>One value, of which trailing spaces mean nothing: LT, ST, UT, UR, UC.</summary>
    LongText,

    /// <summary>A number as text: DS, IS.</summary>
    Number,

    /// <summary>PN: component groups and components, of which empty ones at the end mean nothing.</summary>
    Name,

    Sequence,
}
