using System.Globalization;

namespace FellowOakDicom;

/// <summary>A range of dates and times to match in a query (PS3.4 C.2.2.2.5). The least and the greatest <see cref="DateTime"/> mean no limit.</summary>
public class DicomDateRange : DicomRange<DateTime>
{
    /// <summary>All of time.</summary>
    public DicomDateRange()
        : base(DateTime.MinValue, DateTime.MaxValue)
    {
    }

    public DicomDateRange(DateTime min, DateTime max)
        : base(min, max)
    {
    }

    /// <summary>As a value of VR DT.</summary>
    public override string ToString() => ToString("yyyyMMddHHmmss");

    /// <summary>"from-to", "from-", "-to", or nothing without a limit; one value when both are written the same.</summary>
    public string ToString(string format)
    {
        var from = Minimum == DateTime.MinValue ? "" : Minimum.ToString(format, CultureInfo.InvariantCulture);
        var to = Maximum == DateTime.MaxValue ? "" : Maximum.ToString(format, CultureInfo.InvariantCulture);
        return from == to ? from : $"{from}-{to}";
    }
}
