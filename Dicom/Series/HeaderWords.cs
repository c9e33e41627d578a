namespace HSENet.Dicom.Series;

/// <summary>
/// Words of descriptions that are known not to speak of the chest. The lists need not be complete: a word that is missing only means that <see cref="ChestHeaderRule"/>
/// leaves the decision to the pixels.
/// </summary>
internal static class HeaderWords
{
    /// <summary>Values of Body Part Examined, and common short forms, that name a part elsewhere.</summary>
    public static readonly HashSet<string> Elsewhere =
    [
        "HEAD", "BRAIN", "SKULL", "HEADNECK", "FACE", "ORBIT", "EYE", "EAR", "IAC", "PITUITARY", "SINUS", "PARANASALSINUS", "PNS", "MAXILLA", "MANDIBLE", "JAW", "TMJ", "DENTAL",
        "NECK", "LARYNX", "CSPINE", "LSPINE", "SSPINE", "LUMBARSPINE", "CERVICALSPINE", "SACRUM", "COCCYX", "ABDOMEN", "ABDOMENPELVIS", "ABDOMEN_PELVIS", "LIVER", "KIDNEY", "PANCREAS",
        "COLON", "PELVIS", "HIP", "PROSTATE", "BLADDER", "UTERUS", "LEG", "THIGH", "FEMUR", "KNEE", "CALF", "TIBIA", "FIBULA", "ANKLE", "FOOT", "TOE", "EXTREMITY",
        "LOWEREXTREMITY", "UPPEREXTREMITY", "ARM", "HUMERUS", "ELBOW", "FOREARM", "WRIST", "HAND", "FINGER",
        "ABD", "ABDO", "ABDOMINAL", "PEL", "PELV", "PELVIC", "LUMBAR", "CERVICAL", "SINUSES", "KIDNEYS", "RENAL", "HEPATIC", "CRANIAL", "CEREBRAL", "TEMPORAL", "FACIAL",
    ];

    /// <summary>Words of technique, phase, plane and order, and parts that are no values of Body Part Examined. BODY, TRUNK and the like are not here: they may mean a chest.</summary>
    public static readonly HashSet<string> Technical =
    [
        "CT", "MM", "CM", "KV", "KVP", "MA", "MAS", "SEC", "MIN", "AX", "AXIAL", "TRA", "TRANSVERSE", "COR", "CORONAL", "SAG", "SAGITTAL", "OBLIQUE", "THIN", "THICK", "SLICE", "SLICES",
        "RECON", "RECONSTRUCTION", "KERNEL", "SOFT", "TISSUE", "BONE", "STANDARD", "STD", "STND", "SMOOTH", "SHARP", "DETAIL", "HELICAL", "SPIRAL", "SEQUENCE", "SEQ", "VOLUME", "VOL",
        "ROUTINE", "PROTOCOL", "SERIES", "SCAN", "EXAM", "AND", "OF", "THE", "WITH", "WITHOUT", "CONTRAST", "PLAIN", "NATIVE", "ENHANCED", "UNENHANCED", "NON", "POST", "PRE", "IV",
        "ORAL", "ARTERIAL", "PORTAL", "VENOUS", "DELAYED", "DELAY", "LATE", "EARLY", "PHASE", "EQUILIBRIUM", "EXCRETORY", "NEPHROGRAPHIC", "ANGIO", "CTA", "LEFT", "RIGHT", "LT", "RT",
        "UPPER", "LOWER", "ADULT", "CHILD", "PEDIATRIC", "LOW", "HIGH", "DOSE", "SUPINE", "PRONE", "SCAPULA", "SHOULDER", "CLAVICLE", "AIDR", "ASIR", "IDOSE", "ADMIRE", "SAFIRE", "FBP", "QR", "BR", "HR",
    ];
}
