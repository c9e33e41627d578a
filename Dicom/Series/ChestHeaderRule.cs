namespace HSENet.Dicom.Series;

/// <summary>
/// Body Part Examined (PS3.3 C.7.3.1, PS3.16 Annex L) as evidence against a chest. It is often absent, copied from a protocol or plainly wrong, so only a part
/// that is known and elsewhere refuses, and only if neither Series Description nor Protocol Name speaks of the chest.
/// </summary>
internal static class ChestHeaderRule
{
    private static readonly string[] s_chest = ["CHEST", "THORA", "THORX", "LUNG", "PULM", "HEART", "CARDIAC", "WHOLEBODY", "WHOLE BODY", "TRUNK"];

    private static readonly HashSet<string> s_elsewhere =
    [
        "HEAD", "BRAIN", "SKULL", "HEADNECK", "FACE", "ORBIT", "EYE", "EAR", "IAC", "PITUITARY", "SINUS", "PARANASALSINUS", "PNS", "MAXILLA", "MANDIBLE", "JAW", "TMJ", "DENTAL",
        "NECK", "LARYNX", "CSPINE", "LSPINE", "SSPINE", "LUMBARSPINE", "CERVICALSPINE", "SACRUM", "COCCYX", "ABDOMEN", "ABDOMENPELVIS", "ABDOMEN_PELVIS", "LIVER", "KIDNEY", "PANCREAS",
        "COLON", "PELVIS", "HIP", "PROSTATE", "BLADDER", "UTERUS", "LEG", "THIGH", "FEMUR", "KNEE", "CALF", "TIBIA", "FIBULA", "ANKLE", "FOOT", "TOE", "EXTREMITY",
        "LOWEREXTREMITY", "UPPEREXTREMITY", "ARM", "HUMERUS", "ELBOW", "FOREARM", "WRIST", "HAND", "FINGER",
    ];

    public static Refusal? Judge(CtSlice slice)
    {
        var part = slice.BodyPart?.ToUpperInvariant().Trim();
        if (part is null || !s_elsewhere.Contains(part.Replace(" ", "", StringComparison.Ordinal)))
            return null;

        var description = slice.Description.ToUpperInvariant();
        var isChest = s_chest.Any(word => description.Contains(word, StringComparison.Ordinal))
            || description.Split([' ', '/', '-', '_', '.', ',', '+', '^']).Contains("CAP");      // chest, abdomen, pelvis
        return isChest
            ? null
            : new(RefusalReason.NotChest, $"Body Part Examined of {slice.SopInstanceUid} is {part}, and nothing else in the series speaks of the chest");
    }
}
