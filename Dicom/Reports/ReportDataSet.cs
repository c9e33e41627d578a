using FellowOakDicom;

namespace HSENet.Dicom.Reports;

/// <summary>How the data sets of a report are made: in ISO_IR 192, and unchecked, for some values are copied as they came.</summary>
internal static class ReportDataSet
{
    public static DicomDataset Create(params DicomItem[] items)
    {
        var dataSet = new DicomDataset().NotValidated();
        dataSet.Add(items);
        return dataSet;
    }
}
