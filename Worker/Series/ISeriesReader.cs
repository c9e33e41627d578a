using HSENet.Dicom.Series;
using HSENet.Worker.Routing;
using HSENet.Worker.Routing.Rules;

namespace HSENet.Worker.Series;

/// <summary>Judges and reads the files of a series.</summary>
internal interface ISeriesReader
{
    GeometryVerdict Judge(IReadOnlyCollection<string> files, CancellationToken cancellationToken);

    SeriesReading Read(IReadOnlyCollection<string> files, CancellationToken cancellationToken);

    /// <summary>What routing rules see of one file.</summary>
    IRuleAttributes Attributes(string file) => new SeriesRuleAttributes(SeriesAttributes.Read(file));
}

/// <summary>The real reader.</summary>
internal sealed class VolumeSeriesReader : ISeriesReader
{
    public GeometryVerdict Judge(IReadOnlyCollection<string> files, CancellationToken cancellationToken) =>
        VolumeReader.Judge(files, cancellationToken);

    public SeriesReading Read(IReadOnlyCollection<string> files, CancellationToken cancellationToken) =>
        VolumeReader.Read(files, cancellationToken);
}
