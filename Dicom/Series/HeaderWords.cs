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

    /// <summary>The same parts in other languages, as descriptions have them.</summary>
    public static readonly HashSet<string> ElsewhereInOtherLanguages =
    [
        "KOPF", "SCHÄDEL", "SCHAEDEL", "HIRN", "GEHIRN", "HALS", "BAUCH", "BECKEN", "LEBER", "NIERE", "NIEREN", "KNIE", "HÜFTE", "HUEFTE", "FUSS", "FUß", "HWS", "LWS",
        "TÊTE", "TETE", "CRÂNE", "CRANE", "CERVEAU", "COU", "BASSIN", "FOIE", "REIN", "REINS", "GENOU", "HANCHE", "PIED", "RACHIS",
        "CABEZA", "CRÁNEO", "CRANEO", "CEREBRO", "CUELLO", "PELVIANO", "HÍGADO", "HIGADO", "RIÑÓN", "RODILLA", "CADERA", "PIE",
        "CABEÇA", "CRÂNIO", "CRANIO", "PESCOÇO", "ABDOME", "ABDÔMEN", "PELVE", "JOELHO", "TESTA", "ENCEFALO", "COLLO", "ADDOME", "BACINO", "FEGATO", "RENI", "GINOCCHIO",
        "ГОЛОВА", "МОЗГ", "ЖИВОТ", "ТАЗ", "腹部", "上腹", "上腹部", "下腹部", "头部", "頭部", "颅脑", "颈部", "頸部", "盆腔", "骨盆", "骨盤", "腰椎", "颈椎", "복부", "두부",
    ];

    /// <summary>Words of technique, phase, plane and order, and parts that are no values of Body Part Examined. BODY, TRUNK and the like are not here: they may mean a chest.</summary>
    public static readonly HashSet<string> Technical =
    [
        "CT", "MM", "CM", "KV", "KVP", "MA", "MAS", "SEC", "MIN", "AX", "AXIAL", "TRA", "TRANSVERSE", "COR", "CORONAL", "SAG", "SAGITTAL", "OBLIQUE", "THIN", "THICK", "SLICE", "SLICES",
        "RECON", "RECONSTRUCTION", "KERNEL", "SOFT", "TISSUE", "BONE", "STANDARD", "STD", "STND", "SMOOTH", "SHARP", "DETAIL", "HELICAL", "SPIRAL", "SEQUENCE", "SEQ", "VOLUME", "VOL",
        "ROUTINE", "PROTOCOL", "SERIES", "SCAN", "EXAM", "AND", "OF", "THE", "WITH", "WITHOUT", "CONTRAST", "PLAIN", "NATIVE", "ENHANCED", "UNENHANCED", "NON", "POST", "PRE", "IV",
        "ORAL", "ARTERIAL", "PORTAL", "VENOUS", "DELAYED", "DELAY", "LATE", "EARLY", "PHASE", "EQUILIBRIUM", "EXCRETORY", "NEPHROGRAPHIC", "ANGIO", "CTA", "LEFT", "RIGHT", "LT", "RT",
        "UPPER", "LOWER", "ADULT", "CHILD", "PEDIATRIC", "LOW", "HIGH", "DOSE", "SUPINE", "PRONE", "SCAPULA", "SHOULDER", "CLAVICLE", "AIDR", "ASIR", "IDOSE", "ADMIRE", "SAFIRE", "FBP", "QR", "BR", "HR",
        "NATIV", "NATIF", "OHNE", "MIT", "UND", "KM", "ARTERIELL", "VENÖS", "VENOES", "PORTALVENÖS", "PORTALVENOES", "SPÄT", "SPAET", "WEICHTEIL", "KNOCHEN",
        "SANS", "AVEC", "INJECTION", "INJECTE", "ARTERIEL", "ARTÉRIEL", "VEINEUX", "TARDIF", "OS", "SIN", "CON", "SEM", "COM", "SENZA", "CONTRASTE", "CONTRASTO", "MDC",
        "VENOSA", "VENOSO", "ARTERIOSA", "ARTERIAL", "TARDIA", "TARDÍA", "TARDIVA", "FASE", "SIMPLE", "SIMPLES", "HUESO", "OSSO", "PARTES", "BLANDAS", "MOLES", "TESSUTI", "MOLLI",
        "平扫", "增强", "造影", "单纯", "単純",
        "A", "P", "AP", "W", "WO", "WC", "S",   // initials: abdomen, pelvis, with, without, with contrast, sin or sem
    ];

    /// <summary>Does the word say nothing of a chest, in a language that is known?</summary>
    public static bool IsKnown(string word) => Elsewhere.Contains(word) || ElsewhereInOtherLanguages.Contains(word) || Technical.Contains(word);
}
