namespace FellowOakDicom;

/// <summary>Group 0002: what a file says of itself, always in explicit VR little endian (PS3.10 7.1).</summary>
public class DicomFileMetaInformation : DicomDataset
{
    public DicomFileMetaInformation()
    {
    }

    /// <summary>Made from the SOP class, SOP instance and transfer syntax of a data set, and from our own identity.</summary>
    public DicomFileMetaInformation(DicomDataset dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        IsValidated = dataset.IsValidated;
        Version = [0, 1];
        if (dataset.TryGetSingleValue(DicomTag.SOPClassUID, out DicomUID sopClass))
        {
            MediaStorageSOPClassUID = sopClass;
        }

        if (dataset.TryGetSingleValue(DicomTag.SOPInstanceUID, out DicomUID sopInstance))
        {
            MediaStorageSOPInstanceUID = sopInstance;
        }

        TransferSyntax = dataset.InternalTransferSyntax;
        ImplementationClassUID = DicomImplementation.ClassUID;
        ImplementationVersionName = DicomImplementation.Version;
    }

    public DicomFileMetaInformation(DicomFileMetaInformation metaInfo)
    {
        ArgumentNullException.ThrowIfNull(metaInfo);
        metaInfo.CopyTo(this);
    }

    public byte[] Version
    {
        get => TryGetValues(DicomTag.FileMetaInformationVersion, out byte[] version) ? version : [];
        set => AddOrUpdate(DicomTag.FileMetaInformationVersion, value);
    }

    public DicomUID MediaStorageSOPClassUID
    {
        get => Uid(DicomTag.MediaStorageSOPClassUID);
        set => AddOrUpdate(DicomTag.MediaStorageSOPClassUID, value);
    }

    public DicomUID MediaStorageSOPInstanceUID
    {
        get => Uid(DicomTag.MediaStorageSOPInstanceUID);
        set => AddOrUpdate(DicomTag.MediaStorageSOPInstanceUID, value);
    }

    public DicomTransferSyntax TransferSyntax
    {
        get => GetSingleValueOrDefault<DicomTransferSyntax>(DicomTag.TransferSyntaxUID, null!);
        set => AddOrUpdate(DicomTag.TransferSyntaxUID, value);
    }

    public DicomUID ImplementationClassUID
    {
        get => Uid(DicomTag.ImplementationClassUID);
        set => AddOrUpdate(DicomTag.ImplementationClassUID, value);
    }

    public string ImplementationVersionName
    {
        get => Text(DicomTag.ImplementationVersionName);
        set => AddOrUpdate(DicomTag.ImplementationVersionName, value);
    }

    public string SourceApplicationEntityTitle
    {
        get => Text(DicomTag.SourceApplicationEntityTitle);
        set => AddOrUpdate(DicomTag.SourceApplicationEntityTitle, value);
    }

    public string SendingApplicationEntityTitle
    {
        get => Text(DicomTag.SendingApplicationEntityTitle);
        set => AddOrUpdate(DicomTag.SendingApplicationEntityTitle, value);
    }

    public string ReceivingApplicationEntityTitle
    {
        get => Text(DicomTag.ReceivingApplicationEntityTitle);
        set => AddOrUpdate(DicomTag.ReceivingApplicationEntityTitle, value);
    }

    /// <exception cref="DicomDataException">Only group 0002 may be here.</exception>
    private protected override void ValidateTag(DicomTag tag)
    {
        ArgumentNullException.ThrowIfNull(tag);
        if (tag.Group != 0x0002)
        {
            throw new DicomDataException($"{tag} does not belong into the file meta information");
        }
    }

    private DicomUID Uid(DicomTag tag) => GetSingleValueOrDefault<DicomUID>(tag, null!);

    private string Text(DicomTag tag) => GetSingleValueOrDefault(tag, "");
}
