namespace HSENet.Dicom.Phantoms;

/// <summary>The lobe of a lung that a finding lies in.</summary>
public enum PhantomLobe
{
    /// <summary>Not in one lobe.</summary>
    None,

    /// <summary>Upper.</summary>
    Upper,

    /// <summary>Middle, of the right lung only.</summary>
    Middle,

    /// <summary>Lower.</summary>
    Lower,
}
