namespace HSENet.Dicom.Phantoms;

/// <summary>How much fluid there is.</summary>
public enum PhantomExtent
{
    /// <summary>Not a matter of extent.</summary>
    None,

    /// <summary>Less than a third of the lung's depth.</summary>
    Small,

    /// <summary>More.</summary>
    Moderate,
}
