#!/usr/bin/env python3
"""Writes the dictionary resources and the constant tables of the toolkit.

Sources: the data dictionaries of pydicom (tags, keywords, names, UIDs) and of DCMTK (cross-check of every VR), as packaged by Debian.
    apt-get install python3-pydicom libdcmtk17 && /usr/bin/python3 generate.py [path/to/dicom.dic]
Standard: DICOM PS3.6 and PS3.7.
"""
import re
import sys
from pathlib import Path

from pydicom._dicom_dict import DicomDictionary, RepeatersDictionary
from pydicom._uid_dict import UID_dictionary

HERE = Path(__file__).resolve().parent
DCMTK = Path(sys.argv[1] if len(sys.argv) > 1 else "/usr/share/libdcmtk17/dicom.dic")
DCMTK_VRS = {"ox": "OB or OW", "xs": "US or SS", "lt": "US or SS or OW", "px": "OB or OW", "up": "UL", "na": "", "": ""}
PUBLIC_UIDS = """Verification ImplicitVRLittleEndian ExplicitVRLittleEndian DeflatedExplicitVRLittleEndian ExplicitVRBigEndian JPEGBaseline8Bit
JPEGExtended12Bit JPEGLossless JPEGLosslessSV1 JPEGLSLossless JPEGLSNearLossless JPEG2000Lossless JPEG2000 HTJ2KLossless HTJ2KLosslessRPCL HTJ2K
RLELossless DICOMApplicationContext StorageCommitmentPushModel StorageCommitmentPushModelInstance CTImageStorage EnhancedCTImageStorage
LegacyConvertedEnhancedCTImageStorage MRImageStorage EnhancedMRImageStorage LegacyConvertedEnhancedMRImageStorage
PositronEmissionTomographyImageStorage ComputedRadiographyImageStorage DigitalXRayImageStorageForPresentation
SecondaryCaptureImageStorage MultiFrameSingleBitSecondaryCaptureImageStorage MultiFrameGrayscaleByteSecondaryCaptureImageStorage
MultiFrameGrayscaleWordSecondaryCaptureImageStorage MultiFrameTrueColorSecondaryCaptureImageStorage BasicTextSRStorage EnhancedSRStorage
ComprehensiveSRStorage Comprehensive3DSRStorage ExtensibleSRStorage XRayRadiationDoseSRStorage ChestCADSRStorage
KeyObjectSelectionDocumentStorage GrayscaleSoftcopyPresentationStateStorage SegmentationStorage EncapsulatedPDFStorage RawDataStorage
ModalityPerformedProcedureStep ModalityWorklistInformationModelFind PatientRootQueryRetrieveInformationModelFind
StudyRootQueryRetrieveInformationModelFind StudyRootQueryRetrieveInformationModelMove StudyRootQueryRetrieveInformationModelGet
BasicGrayscalePrintManagementMeta""".split()
NEWER_UIDS = {  # PS3.6 after the packaged pydicom
    "1.2.840.10008.1.2.4.201": ("High-Throughput JPEG 2000 Image Compression (Lossless Only)", "Transfer Syntax", "", "", "HTJ2KLossless"),
    "1.2.840.10008.1.2.4.202": ("High-Throughput JPEG 2000 with RPCL Options Image Compression (Lossless Only)", "Transfer Syntax", "", "",
                                "HTJ2KLosslessRPCL"),
    "1.2.840.10008.1.2.4.203": ("High-Throughput JPEG 2000 Image Compression", "Transfer Syntax", "", "", "HTJ2K"),
}
RENAMED = {"ExplicitVRBigEndian": "ExplicitVRBigEndianRETIRED"}
UID_TYPES = {
    "Transfer Syntax": "TransferSyntax", "SOP Class": "SOPClass", "Meta SOP Class": "MetaSOPClass", "Service Class": "ServiceClass",
    "Well-known SOP Instance": "SOPInstance", "Application Context Name": "ApplicationContextName",
    "Application Hosting Model": "ApplicationHostingModel", "Coding Scheme": "CodingScheme",
    "DICOM UIDs as a Coding Scheme": "CodingScheme", "Well-known frame of reference": "FrameOfReference",
    "Synchronization Frame of Reference": "FrameOfReference", "LDAP OID": "LDAP", "Mapping Resource": "MappingResource",
}


def name(text):
    return text.replace("’", "'").replace("µ", "u").strip()


def dcmtk_vrs():
    """{tag: VR} of the plain tags of DCMTK's dictionary."""
    found = {}
    for line in DCMTK.read_text(encoding="latin-1").splitlines():
        match = re.match(r"\(([0-9a-fA-F]{4}),([0-9a-fA-F]{4})\)\t(\w+)\t(\w+)\t", line)
        if match:
            vr = match.group(3)
            found[match.group(1).upper() + match.group(2).upper()] = DCMTK_VRS.get(vr, vr)
    return found


def tag_rows():
    other, odd = dcmtk_vrs(), []
    for number, (vr, vm, text, retired, keyword) in sorted(DicomDictionary.items()):
        tag = f"{number:08X}"
        vr = vr if vr != "NONE" else ""
        if tag in other and set(other[tag].split(" or ")) != set(vr.split(" or ")):
            odd.append(f"{keyword}: pydicom {vr}, DCMTK {other[tag]}")
        yield tag, vr, vm, keyword, retired, name(text)
    for mask, (vr, vm, text, retired, keyword) in sorted(RepeatersDictionary.items()):
        yield mask.upper().replace("X", "x"), vr, vm, keyword, retired, name(text)
    print(f"{len(other)} tags compared with DCMTK; different VR: {len(odd)}")
    for line in odd:
        print("  " + line)


def write(path, lines):
    (HERE / path).write_text("\n".join(lines) + "\n", encoding="utf-8")
    print(f"{path}: {len(lines)} lines")


def write_tags():
    rows = [row for row in tag_rows() if row[1]]
    write("dictionary.tsv", ["\t".join((tag, vr.replace(" or ", "/"), vm, keyword, "R" if retired else "", text))
                             for tag, vr, vm, keyword, retired, text in rows if keyword])
    wanted = {word for line in (HERE / "constants.txt").read_text().splitlines() if not line.startswith("#") for word in line.split()}
    lines = ["// <auto-generated>Written by Dictionary/generate.py; edit Dictionary/constants.txt instead.</auto-generated>", "#nullable enable", "",
             "namespace FellowOakDicom;", "", "public partial class DicomTag", "{"]
    for tag, vr, vm, keyword, retired, text in rows:
        if keyword in wanted or (tag[:4] in ("0000", "0002") and not retired):
            wanted.discard(keyword)
            number = tag.replace("x", "0")
            lines.append(f"    /// <summary>({number[:4]},{number[4:]}) {vr} {text}.</summary>".replace("&", "&amp;"))
            lines.append(f"    public static readonly DicomTag {keyword} = new(0x{number[:4]}, 0x{number[4:]});")
    if wanted:
        raise SystemExit(f"not in the dictionary: {sorted(wanted)}")
    write("DicomTag.Constants.g.cs", lines + ["}"])


def write_uids():
    table, rows = [], {}
    for uid, (text, kind, info, retired, keyword) in (UID_dictionary | NEWER_UIDS).items():
        kind = UID_TYPES.get(kind, "Unknown")
        table.append("\t".join((uid, kind, "R" if retired else "", name(text))))
        rows[keyword] = (uid, kind, text)
    write("uids.tsv", table)
    lines = ["// <auto-generated>Written by Dictionary/generate.py.</auto-generated>", "#nullable enable", "",
             "namespace FellowOakDicom;", "", "public partial class DicomUID", "{"]
    for keyword in PUBLIC_UIDS:
        uid, kind, text = rows[keyword]
        lines.append(f"    /// <summary>{name(text)}.</summary>".replace("&", "&amp;"))
        lines.append(f'    public static readonly DicomUID {RENAMED.get(keyword, keyword)} = Known("{uid}");')
    write("DicomUID.Constants.g.cs", lines + ["}"])


write_tags()
write_uids()
