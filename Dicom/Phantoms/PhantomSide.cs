namespace HSENet.Dicom.Phantoms;

/// <summary>The patient's side of a finding.</summary>
public enum PhantomSide
{
    /// <summary>In the middle, or without a side.</summary>
    None,

    /// <summary>The patient's right.</summary>
    Right,

    /// <summary>The patient's left.</summary>
    Left,

    /// <summary>Both.</summary>
    Both,
}
